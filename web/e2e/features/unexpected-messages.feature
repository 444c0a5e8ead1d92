Feature: Unexpected messages
  What the dashboard does not understand does it no harm.

  Background:
    Given Ada has these MOCs:
      | title |
      | Barn  |
    And Ada watches the dashboard

  Scenario: Malformed and unknown events are skipped
    When the server sends Ada these events:
      | dashboard:summaryUpdated       |                                                                                                                                                      |
      | dashboard:summaryUpdated       | null                                                                                                                                                 |
      | dashboard:summaryUpdated       | {"type": "dashboard:summaryUpdated", "payload": {"totalMocs": "many"}}                                                                               |
      | dashboard:recentMocsUpdated    | {"type": "dashboard:recentMocsUpdated", "eventId": "1", "timestamp": "now", "epoch": "", "revision": 99, "payload": [{"title": "Nobody's"}]}         |
      | dashboard:partialPartsChanged  | {"type": "dashboard:partialPartsChanged", "eventId": "2", "timestamp": "now", "epoch": "", "revision": 99, "payload": {"upserted": 7, "removed": {}}} |
      | dashboard:error                | {"type": "dashboard:error", "payload": "TOKEN_EXPIRED"}                                                                                              |
      | dashboard:somethingNew         | {"type": "dashboard:somethingNew", "payload": {"totalMocs": 99}}                                                                                     |
      | somethingElse                  | "dashboard"                                                                                                                                          |
    Then Ada's dashboard is "Live"
    And Ada sees these totals:
      | MOCs | 1 |
    And Ada sees these recent MOCs:
      | Barn |
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these recent MOCs:
      | Crane |
      | Barn  |
    And Ada's dashboard has connected 1 time

  Scenario: An event that comes again late does not turn the numbers back
    Given the server has sent Ada a summary
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these totals:
      | MOCs | 2 |
    When the server sends Ada that summary again
    Then Ada sees these totals:
      | MOCs | 2 |

  Scenario: What is not even a packet costs one connection
    When the server sends Ada the broken packet "42/dashboard,["
    Then Ada's dashboard has connected 2 times
    And Ada's dashboard is "Live"
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these recent MOCs:
      | Crane |
      | Barn  |
