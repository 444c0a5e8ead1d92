Feature: Accessibility
  Everything can be read by everybody, in light and dark, on every width, and done without a mouse.

  Scenario: While it loads
    Given Ada's dashboard is never answered
    And Ada is signed in
    When Ada opens the dashboard
    Then Ada is on the page "/dashboard" with the title "Dashboard"
    And Ada sees that something loads
    And Ada's page is accessible

  Scenario: Empty
    Given Ada is signed in
    When Ada opens the dashboard
    Then Ada sees "Add your first MOC"
    And Ada's page is accessible

  Scenario: Full
    When Ada opens the dashboard
    And Ada presses "Open the demo collection"
    Then Ada sees 10 recent MOCs
    And Ada's page is accessible

  Scenario: After a change
    Given Ada watches the dashboard
    When Ada adds these MOCs elsewhere:
      | title | total | owned |
      | Barn  | 10    | 5     |
    Then Ada sees these recent MOCs:
      | Barn |
    And Ada's page is accessible

  @clock
  Scenario: Degraded
    Given Ada watches the dashboard
    When Ada's line is without live connections
    And 60 seconds pass for Ada
    Then Ada's dashboard is "Degraded"
    And Ada's page is accessible

  Scenario: After an error
    Given Ada's dashboard is answered with an error
    And Ada is signed in
    When Ada opens the dashboard
    Then Ada sees 4 times "Try again"
    And Ada's page is accessible

  Scenario: Signed out
    When Ada opens the dashboard
    Then Ada is on the page "/sign-in" with the title "Sign in"
    And Ada sees "Open the demo collection"
    And Ada's page is accessible

  Scenario: A form with errors
    Given Ada is signed in
    When Ada opens "/mocs/new"
    And Ada fills in:
      | Cover image address | ftp://example.org |
    And Ada presses "Add MOC"
    Then Ada's focus is on the first field with an error
    And Ada's page is accessible

  Scenario Outline: The page <path>
    When Ada opens the dashboard
    And Ada presses "Open the demo collection"
    And Ada opens "<path>"
    Then Ada's page is accessible, narrow and wide

    Examples:
      | path      |
      | /mocs     |
      | /sets     |
      | /wishlist |
      | /nothing  |

  Scenario: The keyboard alone reaches everything
    Given Ada has these MOCs:
      | title | total | owned |
      | Barn  | 10    | 5     |
    When Ada watches the dashboard
    Then Ada reaches these with Tab alone, and always sees where she is:
      | Skip to the content |
      | Wishlist            |
      | Sign out            |
      | Pause updates       |
      | Refresh             |
      | Add New MOC         |
      | Last updated        |

  Scenario: The keyboard alone does everything
    Given Ada watches the dashboard
    When Ada goes to "Add New MOC" with Tab and presses Enter
    Then Ada's focus is on the title "Add a MOC"
    When Ada goes to "Title" with Tab and types "Lighthouse"
    And Ada goes to "Theme" with Tab and types "Harbour"
    And Ada goes to "Build status" with Tab and types "Built"
    And Ada goes to "Add MOC" with Tab and presses Enter
    Then Ada sees "“Lighthouse” was added."
    And Ada's focus is on the title "Lighthouse"
    When Ada goes to "Dashboard" with Tab and presses Enter
    Then Ada's focus is on the title "Dashboard"
    And Ada sees these recent MOCs:
      | Lighthouse |
    And Ada sees these totals:
      | Built | 1 |

  Scenario: What is pressed keeps the focus
    Given Ada has these sets:
      | name            | theme | quantity |
      | Galaxy Explorer | Icons | 2        |
    And Ada is signed in
    When Ada opens "/sets"
    And Ada goes to "One fewer of Galaxy Explorer" with Tab and presses Enter
    Then Ada has 1 of the set "Galaxy Explorer"
    And Ada's focus is on the button "One fewer of Galaxy Explorer"

  Scenario: On a phone nothing scrolls sideways
    Given Ada has a phone of 390 pixels
    And Ada has these MOCs:
      | title                                                             | theme                                   | total | owned |
      | Donaudampfschifffahrtsgesellschaftskapitänskajütenrekonstruktion | Rechtsschutzversicherungsgesellschaften | 10    | 5     |
      | Barn                                                              | Farm                                    | 3     | 1     |
    And Ada watches the dashboard
    Then Ada sees these MOCs with partial parts:
      | Barn                                                              | 33% |
      | Donaudampfschifffahrtsgesellschaftskapitänskajütenrekonstruktion | 50% |
    And nothing scrolls sideways on these pages of Ada's:
      | /dashboard |
      | /mocs      |
      | /mocs/new  |
      | /sets      |
      | /wishlist  |
      | /sign-in   |
