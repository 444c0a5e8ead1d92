@clock
Feature: Degraded mode
  Where live connections do not get through, the dashboard says so and asks for the numbers itself.

  Background:
    Given Ada has these sets:
      | name    | theme | quantity |
      | Tractor | Farm  | 1        |
    And Ada watches the dashboard
    And Ada's line is without live connections

  Scenario: It comes on when the connection is lost and four tries to reconnect have failed
    Then Ada's dashboard becomes "Degraded" after 4 tries to reconnect
    And Ada sees "Live updates are interrupted."

  Scenario: It fetches what changes meanwhile
    Given 60 seconds pass for Ada
    And Ada's dashboard is "Degraded"
    When Ada adds these sets elsewhere:
      | name  | theme | quantity |
      | Plane | City  | 2        |
    And 60 seconds pass for Ada
    Then Ada sees these themes:
      | City | 0 | 2 |
      | Farm | 0 | 1 |
    And Ada's dashboard is "Degraded"

  Scenario: It goes by itself when the connection is back, and what was missed is there
    Given 60 seconds pass for Ada
    And Ada's dashboard is "Degraded"
    When Ada adds these sets elsewhere:
      | name  | theme | quantity |
      | Plane | City  | 2        |
    And Ada's line is whole
    And 30 seconds pass for Ada
    Then Ada's dashboard is "Live"
    And Ada does not see "Live updates are interrupted."
    And Ada sees these themes:
      | City | 0 | 2 |
      | Farm | 0 | 1 |
    When Ada adds these sets elsewhere:
      | name   | theme | quantity |
      | Rocket | Space | 1        |
    Then Ada sees these themes:
      | City  | 0 | 2 |
      | Farm  | 0 | 1 |
      | Space | 0 | 1 |
    And Ada's page was loaded once

  Scenario: Whoever does not want to wait tries at once
    Given 60 seconds pass for Ada
    And Ada's dashboard is "Degraded"
    When Ada's dashboard has just tried to reconnect, in vain
    And Ada's line is whole
    And Ada presses "Retry now"
    Then Ada's dashboard is "Live"
    And Ada does not see "Live updates are interrupted."

  Scenario: What has not changed is not sent again
    Given 60 seconds pass for Ada
    And Ada's dashboard is "Degraded"
    Then Ada's dashboard, fetched in the next 60 seconds, is answered with 304
