/** What the viewer goes through: every picture and video of the thread as far as it is shown. Pure. */
import type { AttachmentView, Item, MediaView } from '$lib/contract';

export function gallery(items: Item[]): MediaView[] {
  return items.flatMap((item) => {
    if (item.item === 'happened') {
      return item.happened.happened === 'came' ? seen(item.happened.came.media) : [];
    }
    if (item.item !== 'message' || item.message.unsent) return [];
    const { came, story, attachments } = item.message;
    return [...seen(came?.media), ...seen(story?.media), ...attachments.flatMap(within)];
  });
}

function within(attachment: AttachmentView): MediaView[] {
  switch (attachment.is) {
    case 'media':
    case 'shared':
    case 'storyMention':
      return seen(attachment.media);
    case 'cards':
      return attachment.cards.flatMap((card) => seen(card.media));
    default:
      return [];
  }
}

function seen(media: MediaView | null | undefined): MediaView[] {
  if (!media || media.emoji || media.state === 'missing' || media.state === 'unheard') return [];
  return ['image', 'video'].includes(media.kind) ? [media] : [];
}
