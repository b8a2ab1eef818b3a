/**
 * The lists that this agent keeps under names.
 *
 * Promises: what is shown of them is what the host keeps; one that was removed can be kept again by one press.
 */
import type { SavedView, SavedViews, SaveView } from '$lib/contract';
import type { Host } from '$lib/host';
import { Query } from '$lib/query.svelte';
import { words } from '$lib/words';

/** What of the page it needs. */
export type Around = {
  act: (run: () => Promise<void>) => Promise<void>;
  /** Offers a way back for what was done last. */
  undo: (text: string, back: () => Promise<void>) => void;
  /** They were read again. */
  heard: (views: SavedView[]) => void;
};

export class SavedLists {
  readonly query: Query<SavedViews>;
  /** What is asked about them. */
  asking = $state.raw<'save' | 'manage' | null>(null);
  #host: Host;
  #around: Around;

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
    this.query = new Query<SavedViews>({
      load: () => host.call('savedViews', null),
      take: (views) => {
        around.heard(views.views);
        return views;
      },
    });
  }

  get all(): SavedView[] {
    return this.query.data?.views ?? [];
  }

  get isFull(): boolean {
    return this.query.data !== null && this.all.length >= this.query.data.most;
  }

  /** Whether another one goes by a name. */
  isTaken(name: string, id: string | null): boolean {
    return this.all.some((one) => one.id !== id && fold(one.name) === fold(name));
  }

  /**
   * Keeps one, or changes it; answers how it is kept.
   *
   * @throws the host's refusal.
   */
  async save(request: SaveView): Promise<SavedView | null> {
    const views = await this.#host.call('saveView', request);
    this.#take(views);
    const { id, name } = request;
    return (
      views.views.find((one) => (id === null ? fold(one.name) === fold(name) : one.id === id)) ??
      null
    );
  }

  async remove(view: SavedView): Promise<void> {
    const { name, view: of, account, channel, label, sort } = view;
    await this.#around.act(async () => {
      this.#take(await this.#host.call('deleteView', { id: view.id }));
      this.#around.undo(words.savedViews.removed(name), async () => {
        await this.save({ id: null, name, view: of, account, channel, label, sort });
      });
    });
  }

  #take(views: SavedViews): void {
    this.query.data = views;
    this.#around.heard(views.views);
  }

  forget(): void {
    this.query.reset();
    this.asking = null;
  }
}

const fold = (text: string) => text.trim().normalize('NFC').toLocaleLowerCase();
