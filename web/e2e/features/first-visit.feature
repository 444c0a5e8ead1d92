Feature: The first visit
  Whoever comes has something to see with one click, and learns what an empty collection wants.

  Scenario: One click leads to a full dashboard
    When Ada opens the dashboard
    And Ada presses "Open the demo collection"
    Then Ada sees these totals:
      | MOCs            | 60 |
      | On the wishlist | 12 |
    And Ada sees 10 recent MOCs
    And Ada sees MOCs with partial parts
    And no script of Ada's page can read a credential

  Scenario: An empty collection says how to fill it
    Given Ada is signed in
    When Ada opens the dashboard
    Then Ada sees "Add your first MOC"
    And Ada sees "Themes appear with your first MOC or set."
    And Ada sees "The last ten MOCs that you add stand here."
    And Ada sees "No MOC waits for parts."
