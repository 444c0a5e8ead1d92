Feature: The dashboard
  A collector sees the whole collection on one page.

  Background:
    Given Ada has these MOCs:
      | title      | theme   | build status | total | owned | ordered |
      | Barn       | Farm    | Added        | 0     | 0     | 0       |
      | Windmill   | Farm    | In progress  | 100   | 40    | 25      |
      | Lighthouse | Harbour | Built        | 80    | 80    | 0       |
      | Crane      | Harbour | In progress  | 3     | 1     | 1       |
    And Ada has these sets:
      | name            | theme   | quantity |
      | Galaxy Explorer | Space   | 2        |
      | Fishing Boat    | Harbour | 1        |
    And Ada has these wishlist items:
      | kind | title             |
      | SET  | Millennium Falcon |
      | MOC  | Monorail          |
    And Ada is signed in

  Scenario: All cards are there
    When Ada opens the dashboard
    Then Ada sees these cards, and all of them filled:
      | Collection    |
      | Themes        |
      | Recent MOCs   |
      | Quick actions |
      | Partial parts |

  Scenario: The summary has the right totals
    When Ada opens the dashboard
    Then Ada sees these totals:
      | MOCs            | 4 |
      | On the wishlist | 2 |
      | Added           | 1 |
      | In progress     | 2 |
      | Built           | 1 |
      | All parts owned | 1 |
      | Partly covered  | 2 |
      | No parts yet    | 1 |

  Scenario: Each theme has its MOCs and its sets
    When Ada opens the dashboard
    Then Ada sees these themes:
      | Farm    | 2 | 0 |
      | Harbour | 2 | 1 |
      | Space   | 0 | 2 |

  Scenario: Partly covered MOCs stand there with their coverage, rounded down, the latest change first
    When Ada opens the dashboard
    Then Ada sees these MOCs with partial parts:
      | Crane    | 66% |
      | Windmill | 65% |

  Scenario: The ten MOCs added last stand there, the newest first
    Given Ada has these MOCs:
      | title   |
      | Tower 1 |
      | Tower 2 |
      | Tower 3 |
      | Tower 4 |
      | Tower 5 |
      | Tower 6 |
      | Tower 7 |
    When Ada opens the dashboard
    Then Ada sees these recent MOCs:
      | Tower 7    |
      | Tower 6    |
      | Tower 5    |
      | Tower 4    |
      | Tower 3    |
      | Tower 2    |
      | Tower 1    |
      | Crane      |
      | Lighthouse |
      | Windmill   |

  Scenario Outline: The quick action "<action>" leads to its page
    When Ada opens the dashboard
    And Ada presses "<action>"
    Then Ada is on the page "<path>" with the title "<title>"

    Examples:
      | action         | path      | title     |
      | Add New MOC    | /mocs/new | Add a MOC |
      | Browse Gallery | /mocs     | MOCs      |
      | View Wishlist  | /wishlist | Wishlist  |

  Scenario: Asking again without a change costs no transfer
    When Ada watches the dashboard
    Then Ada's "Refresh" is answered with 304
