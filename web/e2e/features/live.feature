Feature: Live updates
  What changes anywhere is on every open dashboard at once, and no page is loaded again for it.

  Background:
    Given Ada has these MOCs:
      | title    | theme | total | owned | ordered |
      | Barn     | Farm  | 10    | 0     | 0       |
      | Windmill | Farm  | 10    | 5     | 0       |
    And Ada watches the dashboard

  Scenario: A MOC added elsewhere appears
    When Ada adds these MOCs elsewhere:
      | title      | theme   | build status | total | owned | ordered |
      | Lighthouse | Harbour | Built        | 10    | 10    | 0       |
    Then Ada sees these recent MOCs:
      | Lighthouse |
      | Windmill   |
      | Barn       |
    And Ada sees these totals:
      | MOCs            | 3 |
      | Added           | 2 |
      | Built           | 1 |
      | All parts owned | 1 |
    And Ada's page was loaded once

  Scenario: Coverage changed elsewhere moves a row into, within and out of the partial parts
    When Ada counts the parts of "Barn" elsewhere: 3 owned and 0 ordered of 10
    Then Ada sees these MOCs with partial parts:
      | Windmill | 50% |
      | Barn     | 30% |
    When Ada counts the parts of "Barn" elsewhere: 3 owned and 4 ordered of 10
    Then Ada sees these MOCs with partial parts:
      | Windmill | 50% |
      | Barn     | 70% |
    When Ada presses "The order changed: sort again"
    Then Ada sees these MOCs with partial parts:
      | Barn     | 70% |
      | Windmill | 50% |
    When Ada counts the parts of "Barn" elsewhere: 10 owned and 0 ordered of 10
    Then Ada sees these MOCs with partial parts:
      | Barn     | No longer waits for parts |
      | Windmill | 50%                       |
    And Ada sees these totals:
      | All parts owned | 1 |
      | Partly covered  | 1 |
      | No parts yet    | 0 |
    When Ada presses "The order changed: sort again"
    Then Ada sees these MOCs with partial parts:
      | Windmill | 50% |
    And Ada's page was loaded once

  Scenario: Theme counts follow
    When Ada adds these MOCs elsewhere:
      | title  | theme |
      | Rocket | Space |
    And Ada adds these sets elsewhere:
      | name            | theme | quantity |
      | Galaxy Explorer | Space | 3        |
      | Tractor         | Farm  | 1        |
    Then Ada sees these themes:
      | Farm  | 2 | 1 |
      | Space | 1 | 3 |
    When Ada moves the MOC "Barn" elsewhere to the theme "Space"
    And Ada deletes the MOC "Windmill" elsewhere
    Then Ada sees these themes:
      | Farm  | 0 | 1 |
      | Space | 2 | 3 |
    And Ada's page was loaded once

  Scenario: A wishlist item counts
    When Ada adds these wishlist items elsewhere:
      | kind | title             |
      | SET  | Millennium Falcon |
    Then Ada sees these totals:
      | MOCs            | 2 |
      | On the wishlist | 1 |
    And Ada's page was loaded once

  Scenario: A MOC deleted elsewhere leaves every card
    When Ada deletes the MOC "Windmill" elsewhere
    Then Ada sees these totals:
      | MOCs           | 1 |
      | Added          | 1 |
      | Partly covered | 0 |
      | No parts yet   | 1 |
    And Ada sees these themes:
      | Farm | 1 | 0 |
    And Ada sees these recent MOCs:
      | Barn |
    And Ada sees "No MOC waits for parts."
    And Ada's page was loaded once

  Scenario: What is deleted from the ten makes room for the eleventh
    Given Ada has these MOCs:
      | title   |
      | Tower 1 |
      | Tower 2 |
      | Tower 3 |
      | Tower 4 |
      | Tower 5 |
      | Tower 6 |
      | Tower 7 |
      | Tower 8 |
      | Tower 9 |
    When Ada deletes the MOC "Tower 5" elsewhere
    Then Ada sees these recent MOCs:
      | Tower 9  |
      | Tower 8  |
      | Tower 7  |
      | Tower 6  |
      | Tower 4  |
      | Tower 3  |
      | Tower 2  |
      | Tower 1  |
      | Windmill |
      | Barn     |
    And Ada's page was loaded once

  Scenario: What one window changes, another shows
    When Ada adds a MOC in another window:
      | Title   | Lighthouse |
      | Theme   | Harbour    |
      | Total   | 10         |
      | Ordered | 3          |
    Then Ada sees these recent MOCs:
      | Lighthouse |
      | Windmill   |
      | Barn       |
    And Ada sees these MOCs with partial parts:
      | Windmill   | 50% |
      | Lighthouse | 30% |
    When Ada deletes it in the other window
    Then Ada sees these recent MOCs:
      | Windmill |
      | Barn     |
    And Ada's page was loaded once

  Scenario: While paused, changes wait
    Given Ada sees these recent MOCs:
      | Windmill |
      | Barn     |
    When Ada presses "Pause updates"
    Then Ada sees "Paused; no changes wait"
    When Ada adds these wishlist items elsewhere:
      | kind | title    |
      | MOC  | Monorail |
    Then Ada sees "Paused; 1 change waits"
    And Ada sees these totals:
      | On the wishlist | 0 |
    When Ada presses "Pause updates"
    Then Ada sees these totals:
      | On the wishlist | 1 |
