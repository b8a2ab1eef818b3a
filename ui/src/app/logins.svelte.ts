/**
 * Logins with Meta whose dialog was closed: they go on, and what becomes of them is told.
 */
import type { LoginView } from '$lib/contract';
import type { Toasts } from '$lib/toasts.svelte';
import { words } from '$lib/words';

export class Logins {
  readonly #toasts: Toasts;
  /** How many places of the page show how the login stands. */
  #shown = 0;
  /** What was granted is being connected. */
  connecting = $state(false);
  #now: () => LoginView | null;

  /** `now`: how the login stands, as far as the page knows. */
  constructor(toasts: Toasts, now: () => LoginView | null) {
    this.#toasts = toasts;
    this.#now = now;
  }

  get isShown(): boolean {
    return this.#shown > 0;
  }

  /** Some place shows it, until the returned function is called. */
  show(): () => void {
    this.#shown += 1;
    return () => void (this.#shown -= 1);
  }

  /** The login went on. */
  went(to: LoginView, from: LoginView | null): void {
    if (this.isShown || from?.state !== 'waiting') return;
    if (to.state === 'choosing') this.tellKept();
    else if (to.state === 'failed')
      this.#toasts.show({ tone: 'bad', text: `${to.words.what} ${to.words.action}` });
  }

  /** What was granted waits for whoever goes on with it, as long as the desk keeps it. */
  tellKept(): void {
    const holds = () => this.#now()?.state === 'choosing';
    this.#toasts.show({ text: words.login.kept, holds });
  }
}
