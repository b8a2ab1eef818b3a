/**
 * What was copied: files, or a text.
 *
 * Programs put several forms of one thing on the clipboard. A file manager has the paths of its files beside them, as a
 * text; an office program or a web page has a picture beside its text. Only the text tells the one from the other.
 */

/** What of the clipboard it needs. */
type Clipboard = Pick<DataTransfer, 'types' | 'files' | 'getData'>;

/** The files that were copied; none where a text was, whatever picture of itself it brought. */
export function pastedFiles(given: Clipboard): File[] {
  const files = [...given.files];
  if (files.length === 0 || !given.types.includes('text/plain')) return files;
  return isListOfFiles(given) || namesOnly(given.getData('text/plain'), files) ? files : [];
}

/** A file manager's own list; it may be empty here, because pages are not told where files lie. */
function isListOfFiles(given: Clipboard): boolean {
  if (!given.types.includes('text/uri-list')) return false;
  const uris = lines(given.getData('text/uri-list')).filter((line) => !line.startsWith('#'));
  return uris.every((uri) => /^file:/i.test(uri));
}

/** Every line is the place of one of the files. */
function namesOnly(text: string, files: File[]): boolean {
  const names = new Set(files.map(({ name }) => name).filter((name) => name !== ''));
  const places = lines(text);
  return places.length > 0 && places.every((place) => names.has(nameAt(place) ?? ''));
}

function lines(text: string): string[] {
  return text
    .split(/[\r\n\0]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The name at the end of a whole path or of a file's address; none of anything else. */
function nameAt(place: string): string | null {
  if (/^file:\/\//i.test(place)) return decoded(place.slice(place.lastIndexOf('/') + 1));
  if (!/^(?:~?\/|[a-z]:\\|\\\\)/i.test(place)) return null;
  return place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
