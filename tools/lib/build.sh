# Sourced by the scripts beside it: installs what is missing and builds. Everything it says goes to standard
# error. `root` is the checkout's folder.
# shellcheck shell=sh
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename -- "$0"): $*"; exit 1; }

# needs COLUMN TARGET...: that column of the targets' lines in packages.txt, one a line, where it is not empty.
needs() (
  column=$1
  shift
  awk -F ' *[|] *' -v column="$column" -v targets=" $* " \
    'index(targets, " " $1 " ") && $column != "" { print $column }' "$root/tools/lib/packages.txt"
)

# The platform as /etc/os-release names it: "debian 12", "ubuntu 24.04"...
platform() (
  ID=unknown VERSION_ID=
  [ -r /etc/os-release ] && . /etc/os-release
  echo "$ID $VERSION_ID"
)

# Installs the packages among "$@" that are missing. Quick, quiet and without root where none is.
install_packages() {
  # shellcheck disable=SC2016 # the ${...} are dpkg-query's
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
  missing=
  for package in "$@"; do
    printf '%s\n' "$installed" | grep -qxF "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0

  say "To build and test appserver this machine lacks:$missing"
  say "(docs/dependencies.md says what each is for)"
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "installing them needs root, and there is no sudo here.
Run this as root, then try again:
  apt-get update && apt-get install --no-install-recommends -y$missing"
    say "Installing them with apt-get, which needs root: sudo may ask for your password."
    as_root=sudo
  fi
  # shellcheck disable=SC2086 # a list of words
  { $as_root apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -qy $missing; } >&2 ||
    die "apt-get could not install:$missing"
}

# check_commands TARGET...: on a platform whose package names are not known here, goes on if the commands are there
# (CMake says which library is not), and otherwise says what to install.
check_commands() {
  absent=
  for tool in $(needs 3 "$@"); do
    [ "$tool" = ccache ] || command -v "$tool" >/dev/null || absent="$absent $tool"
  done
  [ -z "$absent" ] || die "this is $(platform), whose packages are not known here (Debian 12 and 13 and
Ubuntu 24.04 are), and there is no$absent. Install these by your own package manager, then try again:
$(needs 2 "$@" | sed 's/^/  - /')"
  say "This is $(platform), whose packages are not known here: trying with what is installed."
}

# build PRESET TARGET...: brings $root/build/PRESET up to date, from nothing if need be.
build() {
  preset=$1 folder=$root/build/$1
  shift
  strict=ON
  # shellcheck disable=SC2046 # lists of words
  case $(platform) in
    "debian 12") install_packages $(needs 4 "$@") ;;
    "debian 13" | "ubuntu 24.04") install_packages $(needs 5 "$@") ;;
    *) check_commands "$@" && strict=OFF ;; # another compiler may warn of what ours do not
  esac

  # shellcheck disable=SC3013 # -nt is in POSIX since 2024, and in every sh of these platforms
  if [ ! -e "$folder/build.ninja" ] || [ "$root/CMakePresets.json" -nt "$folder/CMakeCache.txt" ]; then
    cmake -S "$root" --preset "$preset" -DAPPSERVER_WARNINGS_AS_ERRORS=$strict >&2 ||
      die "CMake could not set up the build; its message is above"
  fi
  cmake --build "$folder" --target "$@" >&2 || die "the build failed; the compiler's message is above"
}
