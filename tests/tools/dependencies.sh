#!/bin/sh
# Each package that tools/ installs is explained in docs/dependencies.md, under its name on each platform.
cd -- "$(dirname -- "$0")/../.." || exit 1
unexplained=$(awk -F ' *[|] *' '!/^#/ { print $4; print $5 }' tools/lib/packages.txt | sort -u |
  while read -r package; do
    grep -qF "\`$package\`" docs/dependencies.md || echo "$package"
  done)
[ -z "$unexplained" ] && exit 0
echo "docs/dependencies.md does not say what these are for:" $unexplained
exit 1
