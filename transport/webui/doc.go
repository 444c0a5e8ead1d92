// Package webui serves the embedded page: its HTML at the page's routes, and the assets that the HTML names. What is not
// one of these is 404. The assets' names hold a hash of their content, so browsers keep them for ever; the HTML they
// ask for anew each time. Scripts and styles run from our own origin only, whatever gets into the page.
//
// The page is built into dist before the binary (`make build`). A binary without it answers 503 and says so.
package webui
