/**
 * Emoji by name. The table is ours and small: what people write to customers, each with its name and other words it is
 * looked for by. Every other emoji is found by its own name, after these.
 */
import { ALL } from './all-emoji';

export type Emoji = { sign: string; name: string; words: string[] };

/** One a line: the sign, its name, a bar, other words. */
const TABLE = `
🙂 slight smile | happy ok
😊 smile | happy blush pleased warm smiling
😀 grin | happy smile grinning
😃 big smile | happy joy open
😄 laugh | happy smile laughing
😁 beaming | happy grin teeth smile
😅 sweat smile | relief phew nervous
😂 tears of joy | laugh lol funny
🤣 rolling laugh | rofl lol funny
😉 wink | joke
😍 heart eyes | love wow
🥰 in love | hearts smile adore
😘 kiss | love
😇 angel | innocent halo smile
😋 yum | tasty delicious food smile
😎 cool | sunglasses smile
🤩 star struck | wow amazing
🥳 party | celebrate birthday hurray
🤗 hug | thanks welcome
🤔 thinking | hmm wonder
🤨 raised eyebrow | doubt sceptical
😐 neutral | meh straight
😬 grimace | awkward oops
🙄 eye roll | annoyed
😏 smirk | sly
😴 sleeping | tired zzz
😌 relieved | calm peaceful
😔 pensive | sad sorry
😕 confused | unsure puzzled
🙁 slight frown | sad
☹️ frown | sad unhappy
😢 cry | sad tear
😭 sob | cry sad tears
😞 disappointed | sad
😟 worried | concern
😩 weary | tired
😤 huff | steam proud
😠 angry | mad
😡 furious | angry rage mad
😱 scream | shock fear
😨 fearful | scared
😳 flushed | embarrassed
🥺 pleading | please puppy
😮 surprised | wow oh
😲 astonished | wow shock
🤯 mind blown | wow shock
😷 mask | ill sick
🤒 fever | ill sick thermometer
🤕 hurt | ill bandage
🤢 nausea | sick ill
🤐 zipped | secret quiet
🤫 hush | quiet secret
🤝 handshake | deal agree
👍 thumbs up | +1 yes ok good like
👎 thumbs down | -1 no bad dislike
👌 ok hand | okay perfect
👋 wave | hello hi bye goodbye
🙏 please | thanks thank you pray sorry hands
👏 clap | applause bravo well done
🙌 raised hands | hurray praise
💪 strong | muscle strength
✌️ victory | peace
🤞 fingers crossed | luck hope
🤙 call me | phone hand
👇 point down | below
👆 point up | above
👉 point right | there
👈 point left | there
☝️ index up | one first note
✋ stop hand | high five wait
✍️ writing | note write
👀 eyes | look see
🙈 see no evil | monkey oops shy
🤷 shrug | dunno unsure
🤦 facepalm | oops
🙋 raising hand | question here
🙇 bow | sorry apology
❤️ heart | love red
🧡 orange heart | love
💛 yellow heart | love
💚 green heart | love
💙 blue heart | love
💜 purple heart | love
🖤 black heart | love
🤍 white heart | love
💔 broken heart | sad
💕 two hearts | love
💖 sparkling heart | love
✨ sparkles | shine new magic
⭐ star | favourite rating
🌟 glowing star | shine
💫 dizzy | star
🔥 fire | hot great lit
🎉 tada | party celebrate congratulations hurray
🎊 confetti | party celebrate
🎁 gift | present birthday
🎂 cake | birthday
🎈 balloon | party birthday
🎄 christmas | tree holiday
🏆 trophy | win prize
🥇 gold medal | first win
💯 hundred | perfect score
✅ check | done yes ok tick
☑️ checkbox | done tick
✔️ tick | check yes done
❌ cross | no wrong cancel
❎ cross button | no
❗ exclamation | important attention
❓ question | what ask
⚠️ warning | attention careful
🚫 forbidden | no not allowed
🛑 stop | halt sign
ℹ️ information | info
🆕 new | fresh
🔝 top | best
🔜 soon | later
🔙 back | return
💬 speech | chat message talk
💭 thought | thinking
📩 envelope | mail message inbox
✉️ letter | mail email envelope
📧 email | mail
📞 telephone | phone call
📱 mobile | phone smartphone
☎️ phone | call telephone
💻 laptop | computer
🖥️ screen | computer desktop
🖨️ printer | print
📷 camera | photo picture
📸 flash camera | photo picture
🎥 film | video camera
🎵 music | note song
🔊 loud | sound volume
🔇 mute | sound off
🔔 bell | reminder notice
📅 calendar | date day appointment
📆 tear-off calendar | date day
⏰ alarm | clock time
⏳ hourglass | wait time
⌛ time up | hourglass wait
🕐 clock | time hour
📌 pin | place note
📍 location | place map pin
🗺️ map | place
📎 paperclip | attachment file
📄 page | document file
📃 document | page file
📋 clipboard | list form
📝 memo | note write form
📁 folder | file
📊 chart | numbers statistics
📈 rising | chart up growth
📉 falling | chart down
🔍 search | look find magnifier
🔗 link | address url
🔒 locked | lock secure private
🔓 unlocked | open lock
🔑 key | password access
🔧 wrench | repair fix tool
🔨 hammer | repair tool
⚙️ gear | settings
🛠️ tools | repair fix
💡 idea | bulb light tip
🔋 battery | power
🔌 plug | power
📦 parcel | package box delivery order
🚚 delivery | truck shipping parcel
🚀 rocket | fast launch
✈️ plane | flight travel
🚗 car | drive
🚌 bus | travel
🚲 bicycle | bike
🚆 train | travel
🏠 home | house
🏢 office | building
🏪 shop | store
🏨 hotel | stay
🏦 bank | money
🛒 cart | shopping basket buy
🛍️ shopping | bags buy
💳 card | payment credit pay
💰 money | bag pay
💶 euro | money
💵 dollar | money cash
💷 pound | money
🧾 receipt | bill invoice
🏷️ label | price tag
🎟️ ticket | voucher event
☕ coffee | tea hot drink
🍵 tea | cup hot drink
🫖 teapot | tea
🥐 croissant | breakfast food
🍞 bread | food
🍕 pizza | food
🍔 burger | food
🥗 salad | food
🍰 slice of cake | dessert
🍫 chocolate | sweet
🍪 biscuit | cookie sweet
🍎 apple | fruit red
🍋 lemon | fruit
🍓 strawberry | fruit
🍷 wine | drink glass
🍺 beer | drink
🍾 champagne | celebrate bottle
🥂 cheers | celebrate glasses
💐 bouquet | flowers
🌹 rose | flower
🌷 tulip | flower spring
🌸 blossom | flower spring
🌻 sunflower | flower
🌿 herb | leaf green
🍀 clover | luck
🌱 seedling | plant green grow
🌲 tree | forest
☀️ sun | sunny weather
⛅ cloudy | weather sun
🌧️ rain | weather
❄️ snow | cold winter
🌈 rainbow | colours
🌙 moon | night
🌍 earth | world globe
🐶 dog | pet
🐱 cat | pet
🐝 bee | busy
🦋 butterfly | nature
👶 baby | child
👨‍👩‍👧 family | people
👩‍💻 at the computer | support work developer
👷 builder | work construction
🧑‍🍳 cook | chef food
👕 shirt | clothes
👗 dress | clothes
👟 shoe | sneaker clothes
👜 handbag | bag
👓 glasses | see
💍 ring | jewellery wedding
💄 lipstick | make-up
💊 pill | medicine
🩹 plaster | bandage hurt
⚽ football | sport ball
🎮 game | play
🎨 art | paint colours
📚 books | read
🎓 graduation | study school
♻️ recycle | green again
🔄 repeat | again refresh exchange return
➡️ right arrow | next
⬅️ left arrow | back
⬆️ up arrow | above
⬇️ down arrow | below
↩️ return | back exchange
➕ plus | add more
➖ minus | less
`;

export const emoji: Emoji[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [, sign = '', name = '', rest = ''] = /^(\S+) ([^|]+?) \| (.*)$/u.exec(line) ?? [];
    return { sign, name, words: rest.split(' ') };
  });

const others: Emoji[] = ALL.trim()
  .split(/,\s*|\n/)
  .map((one) => {
    const at = one.indexOf(' ');
    return { sign: one.slice(0, at), name: one.slice(at + 1), words: [] };
  });

/** All that can be found, those of the table first. */
export const everyEmoji: Emoji[] = [...emoji, ...others];

/** So many are offered at once. */
const MOST = 8;

/** What fits the letters: those used lately first, then by how well the name fits. */
export function emojiFor(typed: string, recent: readonly string[]): Emoji[] {
  const asked = typed.toLowerCase().replaceAll('_', ' ');
  const found = everyEmoji
    .map((one) => ({ one, fit: fit(one, asked), used: recent.indexOf(one.sign) }))
    .filter(({ fit }) => fit > 0);
  const place = (used: number) => (used < 0 ? recent.length : used);
  found.sort((a, b) => place(a.used) - place(b.used) || b.fit - a.fit);
  return found.slice(0, MOST).map(({ one }) => one);
}

function fit({ name, words }: Emoji, asked: string): number {
  if (name === asked) return 5;
  if (name.startsWith(asked)) return 4;
  if (words.includes(asked)) return 3;
  if (name.split(' ').some((word) => word.startsWith(asked))) return 2;
  return words.some((word) => word.startsWith(asked)) ? 1 : 0;
}

/** How many of those used lately are remembered. */
const REMEMBERED = 16;

/** Those used lately, after this one was. */
export function used(sign: string, recent: readonly string[]): string[] {
  return [sign, ...recent.filter((one) => one !== sign)].slice(0, REMEMBERED);
}
