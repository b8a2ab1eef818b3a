/** Puts the chosen theme, or the system's, on the page. */
import type { Theme } from './settings.svelte';

/** Keeps `data-theme` right until the returned function is called. */
export function wearTheme(theme: Theme): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const wear = () => {
    const wanted = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    document.documentElement.dataset['theme'] = wanted;
  };
  wear();
  if (theme !== 'system') return () => {};
  dark.addEventListener('change', wear);
  return () => dark.removeEventListener('change', wear);
}
