Feature: Sessions
  A session that ends is renewed in silence where it can be, and otherwise asks to sign in.

  Background:
    Given Ada has these MOCs:
      | title |
      | Barn  |

  Scenario: An expired session comes back once with a fresh token
    Given Ada is signed in for 20 seconds
    And Ada watches the dashboard
    When Ada's session is renewed
    Then Ada's browser is told "TOKEN_EXPIRED"
    And Ada's dashboard has connected 2 times
    And Ada's dashboard is "Live"
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these recent MOCs:
      | Crane |
      | Barn  |
    And Ada's dashboard has connected 2 times
    And Ada's page was loaded once

  @clock
  Scenario: An expired session without a fresh token asks to sign in, and leaves the server alone
    Given Ada is signed in for 20 seconds
    And Ada watches the dashboard
    Then Ada's browser is told "TOKEN_EXPIRED"
    And Ada's dashboard is "Signed out"
    And Ada sees "You are signed out"
    And Ada sees these recent MOCs:
      | Barn |
    And Ada's page asks the server nothing in 300 seconds
    And Ada's dashboard has connected 2 times
    When Ada presses "Sign in"
    And Ada signs in with a token
    Then Ada's dashboard is "Live"

  Scenario: Signing out in one window signs out the others
    Given Ada watches the dashboard
    When Ada signs out in another window
    Then Ada is on the page "/sign-in" with the title "Sign in"
    And Ada does not see "Barn"

  Scenario: Signing in as somebody else shows nothing of the one before
    Given Bo has these MOCs:
      | title |
      | Igloo |
    And Ada watches the dashboard
    When Ada presses "Sign out"
    And Bo signs in with a token at Ada's desk
    Then Bo sees these recent MOCs:
      | Igloo |
    And Bo sees these totals:
      | MOCs | 1 |
    And Bo does not see "Barn"
