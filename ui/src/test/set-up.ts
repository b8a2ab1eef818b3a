/** What the page needs from a browser and the test's document does not have. */
import { afterEach } from 'vitest';
import { cleanup, configure } from '@testing-library/svelte';
import { PATIENCE_MS } from './patience';

configure({ asyncUtilTimeout: PATIENCE_MS });

// The page asks for the browser's own modal dialog; the focus trap is the browser's, tried in the window tests.
if (typeof HTMLDialogElement !== 'undefined')
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };

afterEach(() => cleanup());
