Feature: Content security
  The page keeps its own policy: nothing foreign runs on it, and covers from elsewhere learn nothing of it.

  Scenario: Nothing on any page is against the Content-Security-Policy
    Given violations of the policy on Ada's pages are noted
    And Ada has these MOCs:
      | title   | cover                       | total | owned | ordered |
      | Covered | http://covers.example/a.jpg | 4     | 1     | 1       |
    And Ada is signed in
    When Ada opens the dashboard, which asks for the cover without a Referer
    Then Ada sees a brick in place of the cover
    When Ada opens these pages, and that of "Covered":
      | /mocs     |
      | /mocs/new |
      | /sets     |
      | /wishlist |
      | /sign-in  |
    Then no violation of Ada's was noted
    But a violation of Ada's would be noted
