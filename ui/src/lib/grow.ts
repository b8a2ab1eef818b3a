/**
 * A text box becomes as high as its text, up to the height that its style allows. `frame` is around it: nothing there gives way
 * while it is measured, or what stands above would be scrolled by it.
 */
export function growWithText(box: HTMLTextAreaElement, frame: HTMLElement, text: string): void {
  // An empty one is as high as its style says. To measure it would lay out the page twice for each thread that is opened.
  if (text === '') {
    box.style.height = '';
    return;
  }
  frame.style.minHeight = `${frame.offsetHeight}px`;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
  frame.style.minHeight = '';
}
