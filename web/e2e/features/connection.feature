Feature: The connection
  The dashboard says how fresh it is, survives whatever happens to the line, and misses nothing.

  Background:
    Given Ada has these MOCs:
      | title |
      | Barn  |

  Scenario: Until it knows anything, the dashboard connects
    Given Ada's dashboard is never answered
    And Ada is signed in
    When Ada opens the dashboard
    Then Ada's dashboard is "Connecting"
    And Ada sees "no data yet"

  Scenario: A line that is cut comes back by itself
    Given Ada watches the dashboard
    When Ada's line is cut
    And Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these recent MOCs:
      | Crane |
      | Barn  |
    And Ada's dashboard is "Live"
    And Ada's page was loaded once

  Scenario: While the line is down, the dashboard says when it tries again; then it catches up
    Given Ada watches the dashboard
    When Ada's line is down
    Then Ada's dashboard is "Reconnecting"
    And Ada's dashboard says in how many seconds it tries again
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    And Ada's line is whole
    Then Ada's dashboard is "Live"
    And Ada sees these recent MOCs:
      | Crane |
      | Barn  |

  @clock
  Scenario: A line that goes silent is noticed
    Given Ada watches the dashboard
    When Ada's line is silent
    And 31 seconds pass for Ada
    Then Ada's dashboard is "Reconnecting"
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    And Ada's line is whole
    Then Ada's dashboard is "Live"
    And Ada sees these recent MOCs:
      | Crane |
      | Barn  |

  Scenario: Without a network the dashboard is offline, and comes back with it
    Given Ada watches the dashboard
    When Ada's network is off
    Then Ada's dashboard is "Offline"
    And Ada sees these recent MOCs:
      | Barn |
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    And Ada's network is on
    Then Ada's dashboard is "Live"
    And Ada sees these recent MOCs:
      | Crane |
      | Barn  |

  @own-server
  Scenario: A server that is stopped and started again is found again
    Given Ada watches the dashboard
    When the server is stopped
    Then Ada's dashboard is "Reconnecting"
    When the server is started again
    And Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada's dashboard is "Live"
    And Ada sees these recent MOCs:
      | Crane |
      | Barn  |
    And Ada's page was loaded once
