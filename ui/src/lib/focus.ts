/** True while nothing on the page has the focus: what had it is gone, or nobody has put it anywhere. */
export const nothingHasFocus = (): boolean =>
  (document.activeElement ?? document.body) === document.body;
