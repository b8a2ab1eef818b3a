/** The words in use. One catalogue per language; English is complete. */
import { en } from './en';

export type Catalogue = typeof en;

export const words: Catalogue = en;
