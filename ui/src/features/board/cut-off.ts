/** How many of a line's pieces went to further lines, which are not seen, because they do not fit beside the first. */
export function cutOff(line: HTMLElement): number {
  const [first, ...others] = [...line.children].filter((child) => child instanceof HTMLElement);
  if (!first) return 0;
  const below = first.offsetTop + first.offsetHeight / 2;
  return others.filter(({ offsetTop }) => offsetTop > below).length;
}
