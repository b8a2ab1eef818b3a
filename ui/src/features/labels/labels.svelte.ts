/**
 * The labels of the workspace, and putting them on threads.
 *
 * Promises: what was pressed shows at once; when it did not work, how it stands shows again, and why is said.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { LabelsView, LabelView, ThreadRef, ThreadRow } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';

/** What of the page it needs. */
export type Around = {
  act: (run: () => Promise<void>, thread: ThreadRef) => Promise<void>;
};

export class Labels {
  readonly query: Query<LabelsView>;
  /** Whose labels are being set. */
  asking = $state.raw<ThreadRow | null>(null);
  #host: Host;
  #around: Around;
  /** What was pressed while one looks, by thread and label: it may not be read back yet. */
  #pressed = new SvelteMap<string, boolean>();

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
    this.query = new Query<LabelsView>({ load: () => host.call('labels', null) });
  }

  get all(): LabelView[] {
    return this.query.data?.labels ?? [];
  }

  find(id: string): LabelView | null {
    return this.all.find((label) => label.id === id) ?? null;
  }

  /** Those whose name has what is typed. */
  matching(typed: string): LabelView[] {
    const wanted = fold(typed.trim());
    return this.all.filter(({ name }) => fold(name).includes(wanted));
  }

  /** Whether a thread carries a label, or is about to. */
  isOn(row: ThreadRow, id: string): boolean {
    const pressed = this.#pressed.get(`${row.thread} ${id}`);
    if (pressed !== undefined) return pressed;
    const label = row.labels.find((one) => one.id === id);
    return label !== undefined && label.state !== 'takingOff';
  }

  async set(row: ThreadRow, label: string, on: boolean): Promise<void> {
    const { thread } = row;
    const key = `${thread} ${label}`;
    this.#pressed.set(key, on);
    let isSet = false;
    await this.#around.act(async () => {
      await this.#host.call('setLabel', { thread, label, on });
      isSet = true;
    }, thread);
    if (!isSet) this.#pressed.delete(key);
  }

  /** Nobody looks at what was pressed any more. */
  close(): void {
    this.asking = null;
    this.#pressed.clear();
  }

  forget(): void {
    this.query.reset();
    this.close();
  }
}

const fold = (text: string) => text.normalize('NFC').toLocaleLowerCase();
