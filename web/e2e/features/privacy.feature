Feature: Privacy
  Whatever happens in one collection, no other collector hears of it.

  Scenario: Two collectors side by side never see each other's data
    Given Ada watches the dashboard
    And Bo watches the dashboard
    When Ada adds these MOCs elsewhere:
      | title     | theme        | total | owned | ordered |
      | Ada's Ark | Ada's Harbor | 2     | 1     | 0       |
    Then Ada sees these recent MOCs:
      | Ada's Ark |
    When Bo adds these MOCs elsewhere:
      | title      | theme     | total | owned | ordered |
      | Bo's Barge | Bo's Bay  | 4     | 1     | 0       |
    Then Bo sees these recent MOCs:
      | Bo's Barge |
    When Ada adds these MOCs elsewhere:
      | title   | theme        |
      | Ada's 2 | Ada's Harbor |
    Then Ada sees these totals:
      | MOCs | 2 |
    And Ada sees these themes:
      | Ada's Harbor | 2 | 0 |
    And Ada sees these MOCs with partial parts:
      | Ada's Ark | 50% |
    And Bo sees these totals:
      | MOCs | 1 |
    And Bo sees these themes:
      | Bo's Bay | 1 | 0 |
    And Bo sees these MOCs with partial parts:
      | Bo's Barge | 25% |
    And Ada's browser was never told "Bo's"
    And Bo's browser was never told "Ada's"

  Scenario: Another collector's MOC does not exist
    Given Bo has these MOCs:
      | title      |
      | Bo's Barge |
    And Ada is signed in
    When Ada opens the page of Bo's MOC "Bo's Barge"
    Then Ada sees "This MOC does not exist"
    And Ada does not see "Bo's Barge"
