Feature: Appearance
  The dashboard fits the screen, its reader and paper.

  Scenario Outline: On <width> pixels the cards stand in <columns>
    Given Ada has a screen of <width> pixels
    And Ada has these MOCs:
      | title |
      | Barn  |
    When Ada watches the dashboard
    Then Ada's cards stand in <columns>

    Examples:
      | width | columns   |
      | 767   | 1 column  |
      | 768   | 2 columns |
      | 1024  | 2 columns |
      | 1025  | 3 columns |

  Scenario: Nothing moves for who prefers none
    Given Ada has these MOCs:
      | title |
      | Barn  |
    And Ada watches the dashboard
    When Ada adds these MOCs elsewhere:
      | title |
      | Crane |
    Then Ada sees these totals:
      | MOCs | 2 |
    And something moves on Ada's page
    When Ada prefers reduced motion
    Then nothing moves on Ada's page

  Scenario: In forced colours the parts of a bar are told apart, and one sees where one is
    When Ada opens the dashboard
    And Ada presses "Open the demo collection"
    And Ada sees 10 recent MOCs
    And Ada forces her colours on the page
    Then the parts of each bar on Ada's page are of different colours of hers
    And of Ada's menu only "Dashboard" is framed

  Scenario: On paper is the whole table of partial parts, and nothing else
    When Ada opens the dashboard
    And Ada presses "Open the demo collection"
    Then Ada's table of partial parts scrolls
    When Ada prints the page
    Then Ada's table of partial parts is whole
    And Ada's page has these headings:
      | Dashboard     |
      | Partial parts |
    And there is nothing to press on Ada's page but "Title, Theme, Build status, Coverage, Last updated"
