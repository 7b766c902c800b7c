#include "worker/report_budget.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;
using worker::ReportBudget;

TEST_CASE("the first incidents of a minute get reports of their own, and the rest none") {
  ReportBudget budget;
  const base::TimePoint begin = base::Clock::now();
  for (unsigned i = 0; i < ReportBudget::kReports; ++i) CHECK(budget.take(begin + i * 1s));
  CHECK_FALSE(budget.take(begin + 6s));
  CHECK_FALSE(budget.take(begin + 59s));
  CHECK(budget.take(begin + 60s));
}

TEST_CASE("what was left out is told of once its minute has ended, with the longest of it") {
  ReportBudget budget;
  const base::TimePoint begin = base::Clock::now();
  budget.take(begin);
  CHECK_FALSE(budget.settle(begin + 61s));
  budget.take(begin + 62s);
  budget.leave_out(200ms, " while a ran");
  budget.leave_out(300ms, " while b ran");
  budget.leave_out(250ms, " while c ran");
  CHECK_FALSE(budget.settle(begin + 121s));
  const auto rest = budget.settle(begin + 122s);
  REQUIRE(rest);
  CHECK(rest->count == 3);
  CHECK(rest->longest == 300ms);
  CHECK(rest->story == " while b ran");
  CHECK_FALSE(budget.settle(begin + 123s));
}
