/** Whose name fits what was typed: its beginning, or that of one of its words, whatever the case and the accents. Pure. */
export function findAgents<T extends { name: string }>(people: T[], typed: string): T[] {
  const wanted = folded(typed.trim());
  if (wanted === '') return people;
  return people.filter(({ name }) => {
    const whole = folded(name);
    return whole.startsWith(wanted) || whole.split(/\s+/).some((word) => word.startsWith(wanted));
  });
}

const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
