/** How large pictures are drawn, and how several of them stand together. Pure. */
import type { AttachmentView, MediaView } from '$lib/contract';

/** The longest sides of a picture in a thread, CSS pixels. */
const WIDE = 300;
const HIGH = 320;

export type Size = { width: number; height: number };

/** As large as it is, or as fits. */
export function fitted({ width, height }: Size, most: Size = { width: WIDE, height: HIGH }): Size {
  const scale = Math.min(1, most.width / width, most.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** The same in a room of its own, so many times nearer: larger than it is only for whoever came nearer. */
export function seen(whole: Size, room: Size, zoom: number): Size {
  const fit = fitted({ width: whole.width, height: whole.height }, room);
  return { width: Math.round(fit.width * zoom), height: Math.round(fit.height * zoom) };
}

export type Run = { album: MediaView[] } | { one: AttachmentView };

/** Pictures that follow each other stand together; everything else stands alone. */
export function runs(attachments: AttachmentView[]): Run[] {
  const found: Run[] = [];
  for (const attachment of attachments) {
    const last = found[found.length - 1];
    const isPicture = attachment.is === 'media' && attachment.media.kind === 'image';
    if (isPicture && last && 'album' in last) last.album.push(attachment.media);
    else if (isPicture) found.push({ album: [attachment.media] });
    else found.push({ one: attachment });
  }
  return found.map((run) => {
    const [only, second] = 'album' in run ? run.album : [];
    return only && !second ? { one: { is: 'media', media: only } } : run;
  });
}
