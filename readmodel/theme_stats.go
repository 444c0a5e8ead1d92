package readmodel

import "github.com/brickboard/brickboard/queries"

// ThemeStats counts a theme's MOCs, and its sets by quantity. Rows come in the order of the themes' bytes; a theme
// without either has none.
type ThemeStats struct {
	Theme    string `json:"theme"`
	MOCCount int64  `json:"mocCount"`
	SetCount int64  `json:"setCount"`
}

func themeStatsOf(row queries.ThemeStatsReadRow) ThemeStats {
	return ThemeStats{Theme: row.Theme, MOCCount: row.MOCCount, SetCount: row.SetCount}
}
