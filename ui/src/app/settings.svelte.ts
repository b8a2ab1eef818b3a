/**
 * What this desk remembers of how its agent likes the page. Kept by the host, as small JSON texts.
 *
 * Promises: a change shows at once and is saved behind it, and shows in the desk's other windows once it is saved; what
 * cannot be read is the default.
 */
import type { BoardSort, Sort, View } from '$lib/contract';
import type { Host } from '$lib/host';

export type Theme = 'system' | 'light' | 'dark';
export type Rows = 'roomy' | 'compact';
/** When the customer is shown that a message was read. */
export type MarkSeen = 'onReply' | 'onOpen' | 'byHand';

const defaults = {
  theme: 'system' as Theme,
  rows: 'roomy' as Rows,
  enterSends: true,
  undoSend: true,
  showTyping: true,
  markSeen: 'onReply' as MarkSeen,
  singleKeys: true,
  listWidth: 344,
  details: true,
  /** What is shown at the start: `board`, `inbox`, or by the role of the agent. */
  start: '' as '' | 'board' | 'inbox',
  /** Columns of the board, by agent's id, `all` or `queue`; in the inbox's window, and in the board's own. */
  boardColumns: ['queue', 'all'] as string[],
  ownBoardColumns: ['queue', 'all'] as string[],
  boardSort: 'breach' as BoardSort,
  /** Signs, the latest first. */
  recentEmoji: [] as string[],
  sort: {
    mine: 'needsReply',
    unassigned: 'needsReply',
    mentions: 'newest',
    endingSoon: 'needsReply',
    all: 'newest',
    tooLate: 'needsReply',
    snoozed: 'newest',
    done: 'newest',
    blocked: 'newest',
  } as Record<View, Sort>,
};

export type SettingValues = typeof defaults;
export type SettingKey = keyof SettingValues;

const names = Object.keys(defaults) as SettingKey[];

/** How each window is arranged: another one's does not move what stands in this one. The next window begins with the last. */
const arranged: ReadonlySet<SettingKey> = new Set([
  'listWidth',
  'details',
  'start',
  'boardColumns',
  'ownBoardColumns',
  'boardSort',
  'sort',
]);

export class Settings {
  values = $state.raw<SettingValues>(defaults);
  /** False until they were read the first time. */
  areRead = $state(false);
  #host: Host;
  /** How often each was set in this window: what was read before the last time says nothing. */
  #changes: Partial<Record<SettingKey, number>> = {};
  /** How many of each are being saved. */
  #saving: Partial<Record<SettingKey, number>> = {};

  constructor(host: Host) {
    this.#host = host;
  }

  /** Reads all of them; one that fails or makes no sense stays at its default. */
  async read(): Promise<void> {
    const read = await Promise.all(names.map((name) => this.#readOne(name)));
    this.values = { ...defaults, ...Object.assign({}, ...read) };
    this.areRead = true;
  }

  set<K extends SettingKey>(name: K, value: SettingValues[K]): void {
    this.values = { ...this.values, [name]: value };
    this.#changes[name] = (this.#changes[name] ?? 0) + 1;
    this.#saving[name] = (this.#saving[name] ?? 0) + 1;
    // A setting that could not be saved still holds for this window; the problem shows as a banner.
    this.#host
      .call('setSetting', { name, value: JSON.stringify(value) })
      .catch(() => {})
      .finally(() => {
        this.#saving[name] = (this.#saving[name] ?? 1) - 1;
      });
  }

  /** A setting was set, in this window or another one: what is set here last wins. */
  async heard(name: string): Promise<void> {
    const known = names.find((one) => one === name && !arranged.has(one));
    if (known === undefined || (this.#saving[known] ?? 0) > 0) return;
    const before = this.#changes[known];
    const read = await this.#readOne(known);
    if (this.#changes[known] !== before || JSON.stringify(read) === this.#as(known)) return;
    this.values = { ...this.values, ...read };
  }

  /** Some changes may not have been heard of. */
  async readAgain(): Promise<void> {
    await Promise.all(names.map((name) => this.heard(name)));
  }

  /** One value as it is read. */
  #as(name: SettingKey): string {
    return JSON.stringify({ [name]: this.values[name] });
  }

  async #readOne(name: SettingKey): Promise<Partial<SettingValues>> {
    try {
      const { value } = await this.#host.call('setting', { name });
      if (value === null) return {};
      const parsed: unknown = JSON.parse(value);
      return typeof parsed === typeof defaults[name] ? { [name]: parsed } : {};
    } catch {
      return {};
    }
  }
}
