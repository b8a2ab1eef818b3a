/**
 * The border between page and host: one interface, whoever is behind it.
 *
 * Promises: `call` settles once, with the answer or with a `CommandError`; `listen` hands on notices in
 * order; media are named by the ids of their views, and nothing but the host knows where they lie. Refuses: to guess. A host that breaks the contract shows up as a `failed` error.
 */
import type {
  AttachFile,
  CommandError,
  Commands,
  MediaView,
  Notice,
  OpeningView,
} from '$lib/contract';

export type CommandName = keyof Commands;
export type Request<K extends CommandName> = Commands[K]['request'];
export type Response<K extends CommandName> = Commands[K]['response'];

export interface Host {
  /** Asks the host. Rejects with a `CommandError` and nothing else. */
  call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>>;
  /** Adds a file to a draft: its bytes go as they are. Rejects with a `CommandError` and nothing else. */
  attach(request: AttachFile, file: Blob): Promise<MediaView>;
  /** Hears of changes until the returned function is called. */
  listen(hear: (notice: Notice) => void): () => void;
  /** What the opening of this desk is at, where that takes long. Answered while there is no desk yet. */
  opening(): Promise<OpeningView | null>;
  /** Where a picture is drawn from: made small, or as it came. */
  picture(id: string, size: 'thumb' | 'whole'): string;
  /** Where a sound or video is played from, until it is let go. Rejects with a `CommandError`. */
  playable(id: string): Promise<Playable>;
  /** What plays sounds and videos here: GStreamer has to be told its codecs by packages. */
  readonly plays: 'gstreamer' | 'system';
}

export type Playable = { url: string; letGo: () => void };

/** The host this page runs in, chosen once at start. */
export async function chooseHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauriHost();
  return (await import('./web')).webHost();
}

/** What goes with the bytes of a file, as a header can carry it. */
export const FILE_HEADER = 'baton-file';
export function fileHeader(request: AttachFile): string {
  return encodeURIComponent(JSON.stringify(request));
}

/** Makes a `CommandError` of whatever a host threw. */
export function asCommandError(thrown: unknown): CommandError {
  if (isCommandError(thrown)) return { ...thrown, link: thrown.link ?? null };
  return {
    code: 'failed',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    action: '',
    retryable: true,
    link: null,
  };
}

function isCommandError(thrown: unknown): thrown is CommandError {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { code, message } = thrown as Partial<CommandError>;
  return typeof code === 'string' && typeof message === 'string';
}
