/** Whoever works until then at night means the morning that comes. */
const NIGHT_ENDS = 4;
const MORNING = 8;

/** Eight in the next morning, milliseconds UTC: of this computer's clock and zone. */
export function nextMorning(nowMs: number): number {
  const day = new Date(nowMs);
  if (day.getHours() >= NIGHT_ENDS) day.setDate(day.getDate() + 1);
  return day.setHours(MORNING, 0, 0, 0);
}
