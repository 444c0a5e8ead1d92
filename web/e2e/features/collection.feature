Feature: Sets and wishes
  Collectors keep their sets and wishes on pages of their own.

  Scenario: Sets are added, counted and deleted
    Given Ada is signed in
    When Ada opens "/sets"
    And Ada fills in:
      | Set number | 10497-1         |
      | Name       | Galaxy Explorer |
      | Theme      | Icons           |
    And Ada presses "Add set"
    And Ada presses "One more of Galaxy Explorer"
    Then Ada has 2 of the set "Galaxy Explorer"
    When Ada presses "Delete Galaxy Explorer"
    And Ada confirms "Delete"
    Then Ada sees "No sets yet"

  Scenario: Wishes are added and deleted
    Given Ada is signed in
    When Ada opens "/wishlist"
    And Ada fills in:
      | Title | Millennium Falcon |
    And Ada presses "Add wish"
    And Ada presses "Delete Millennium Falcon"
    And Ada confirms "Delete"
    Then Ada sees "No wishes yet"
