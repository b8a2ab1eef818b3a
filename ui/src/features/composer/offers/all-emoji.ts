/** Every other emoji of one sign, up to Unicode 14, under its name there; see `emoji` for those with words of ours. */

/** The sign, its name, a comma. Skin tones, flags of countries and signs that are joined from several are left out. */
export const ALL = `
©️ copyright sign, ®️ registered sign, ‼️ double exclamation mark, ⁉️ exclamation question mark, ™️ trade mark sign
↔️ left right arrow, ↕️ up down arrow, ↖️ north west arrow, ↗️ north east arrow, ↘️ south east arrow
↙️ south west arrow, ↪️ rightwards arrow with hook, ⌚ watch, ⌨️ keyboard, ⏏️ eject symbol
⏩ black right-pointing double triangle, ⏪ black left-pointing double triangle, ⏫ black up-pointing double triangle
⏬ black down-pointing double triangle, ⏭️ black right-pointing double triangle with vertical bar
⏮️ black left-pointing double triangle with vertical bar, ⏯️ black right-pointing triangle with double vertical bar
⏱️ stopwatch, ⏲️ timer clock, ⏸️ double vertical bar, ⏹️ black square for stop, ⏺️ black circle for record
Ⓜ️ circled latin capital letter m, ▪️ black small square, ▫️ white small square, ▶️ black right-pointing triangle
◀️ black left-pointing triangle, ◻️ white medium square, ◼️ black medium square, ◽ white medium small square
◾ black medium small square, ☁️ cloud, ☂️ umbrella, ☃️ snowman, ☄️ comet, ☔ umbrella with rain drops, ☘️ shamrock
☠️ skull and crossbones, ☢️ radioactive sign, ☣️ biohazard sign, ☦️ orthodox cross, ☪️ star and crescent
☮️ peace symbol, ☯️ yin yang, ☸️ wheel of dharma, ☺️ white smiling face, ♀️ female sign, ♂️ male sign, ♈ aries
♉ taurus, ♊ gemini, ♋ cancer, ♌ leo, ♍ virgo, ♎ libra, ♏ scorpius, ♐ sagittarius, ♑ capricorn, ♒ aquarius, ♓ pisces
♟️ black chess pawn, ♠️ black spade suit, ♣️ black club suit, ♥️ black heart suit, ♦️ black diamond suit
♨️ hot springs, ♾️ permanent paper sign, ♿ wheelchair symbol, ⚒️ hammer and pick, ⚓ anchor, ⚔️ crossed swords
⚕️ staff of aesculapius, ⚖️ scales, ⚗️ alembic, ⚛️ atom symbol, ⚜️ fleur-de-lis, ⚡ high voltage sign
⚧️ male with stroke and male and female sign, ⚪ medium white circle, ⚫ medium black circle, ⚰️ coffin
⚱️ funeral urn, ⚾ baseball, ⛄ snowman without snow, ⛈️ thunder cloud and rain, ⛎ ophiuchus, ⛏️ pick
⛑️ helmet with white cross, ⛓️ chains, ⛔ no entry, ⛩️ shinto shrine, ⛪ church, ⛰️ mountain, ⛱️ umbrella on ground
⛲ fountain, ⛳ flag in hole, ⛴️ ferry, ⛵ sailboat, ⛷️ skier, ⛸️ ice skate, ⛹️ person with ball, ⛺ tent, ⛽ fuel pump
✂️ black scissors, ✊ raised fist, ✏️ pencil, ✒️ black nib, ✖️ heavy multiplication x, ✝️ latin cross
✡️ star of david, ✳️ eight spoked asterisk, ✴️ eight pointed black star, ❇️ sparkle, ❔ white question mark ornament
❕ white exclamation mark ornament, ❣️ heavy heart exclamation mark ornament, ➗ heavy division sign, ➰ curly loop
➿ double curly loop, ⤴️ arrow pointing rightwards then curving upwards
⤵️ arrow pointing rightwards then curving downwards, ⬛ black large square, ⬜ white large square
⭕ heavy large circle, 〰️ wavy dash, 〽️ part alternation mark, ㊗️ circled ideograph congratulation
㊙️ circled ideograph secret, 🀄 mahjong tile red dragon, 🃏 playing card black joker
🅰️ negative squared latin capital letter a, 🅱️ negative squared latin capital letter b
🅾️ negative squared latin capital letter o, 🅿️ negative squared latin capital letter p, 🆎 negative squared ab
🆑 squared cl, 🆒 squared cool, 🆓 squared free, 🆔 squared id, 🆖 squared ng, 🆗 squared ok, 🆘 squared sos
🆙 squared up with exclamation mark, 🆚 squared vs, 🈁 squared katakana koko, 🈂️ squared katakana sa
🈚 squared cjk unified ideograph-7121, 🈯 squared cjk unified ideograph-6307, 🈲 squared cjk unified ideograph-7981
🈳 squared cjk unified ideograph-7a7a, 🈴 squared cjk unified ideograph-5408, 🈵 squared cjk unified ideograph-6e80
🈶 squared cjk unified ideograph-6709, 🈷️ squared cjk unified ideograph-6708, 🈸 squared cjk unified ideograph-7533
🈹 squared cjk unified ideograph-5272, 🈺 squared cjk unified ideograph-55b6, 🉐 circled ideograph advantage
🉑 circled ideograph accept, 🌀 cyclone, 🌁 foggy, 🌂 closed umbrella, 🌃 night with stars, 🌄 sunrise over mountains
🌅 sunrise, 🌆 cityscape at dusk, 🌇 sunset over buildings, 🌉 bridge at night, 🌊 water wave, 🌋 volcano, 🌌 milky way
🌎 earth globe americas, 🌏 earth globe asia-australia, 🌐 globe with meridians, 🌑 new moon symbol
🌒 waxing crescent moon symbol, 🌓 first quarter moon symbol, 🌔 waxing gibbous moon symbol, 🌕 full moon symbol
🌖 waning gibbous moon symbol, 🌗 last quarter moon symbol, 🌘 waning crescent moon symbol, 🌚 new moon with face
🌛 first quarter moon with face, 🌜 last quarter moon with face, 🌝 full moon with face, 🌞 sun with face
🌠 shooting star, 🌡️ thermometer, 🌤️ white sun with small cloud, 🌥️ white sun behind cloud
🌦️ white sun behind cloud with rain, 🌨️ cloud with snow, 🌩️ cloud with lightning, 🌪️ cloud with tornado, 🌫️ fog
🌬️ wind blowing face, 🌭 hot dog, 🌮 taco, 🌯 burrito, 🌰 chestnut, 🌳 deciduous tree, 🌴 palm tree, 🌵 cactus
🌶️ hot pepper, 🌺 hibiscus, 🌼 blossom emoji, 🌽 ear of maize, 🌾 ear of rice, 🍁 maple leaf, 🍂 fallen leaf
🍃 leaf fluttering in wind, 🍄 mushroom, 🍅 tomato, 🍆 aubergine, 🍇 grapes, 🍈 melon, 🍉 watermelon, 🍊 tangerine, 🍌 banana
🍍 pineapple, 🍏 green apple, 🍐 pear, 🍑 peach, 🍒 cherries, 🍖 meat on bone, 🍗 poultry leg, 🍘 rice cracker, 🍙 rice ball
🍚 cooked rice, 🍛 curry and rice, 🍜 steaming bowl, 🍝 spaghetti, 🍟 french fries, 🍠 roasted sweet potato, 🍡 dango
🍢 oden, 🍣 sushi, 🍤 fried shrimp, 🍥 fish cake with swirl design, 🍦 soft ice cream, 🍧 shaved ice, 🍨 ice cream
🍩 doughnut, 🍬 candy, 🍭 lollipop, 🍮 custard, 🍯 honey pot, 🍱 bento box, 🍲 pot of food, 🍳 cooking, 🍴 fork and knife
🍶 sake bottle and cup, 🍸 cocktail glass, 🍹 tropical drink, 🍻 clinking beer mugs, 🍼 baby bottle
🍽️ fork and knife with plate, 🍿 popcorn, 🎀 ribbon, 🎃 jack-o-lantern, 🎅 father christmas, 🎆 fireworks
🎇 firework sparkler, 🎋 tanabata tree, 🎌 crossed flags, 🎍 pine decoration, 🎎 japanese dolls, 🎏 carp streamer
🎐 wind chime, 🎑 moon viewing ceremony, 🎒 school satchel, 🎖️ military medal, 🎗️ reminder ribbon, 🎙️ studio microphone
🎚️ level slider, 🎛️ control knobs, 🎞️ film frames, 🎠 carousel horse, 🎡 ferris wheel, 🎢 roller coaster
🎣 fishing pole and fish, 🎤 microphone, 🎦 cinema, 🎧 headphone, 🎩 top hat, 🎪 circus tent, 🎫 ticket emoji
🎬 clapper board, 🎭 performing arts, 🎯 direct hit, 🎰 slot machine, 🎱 billiards, 🎲 game die, 🎳 bowling
🎴 flower playing cards, 🎶 multiple musical notes, 🎷 saxophone, 🎸 guitar, 🎹 musical keyboard, 🎺 trumpet, 🎻 violin
🎼 musical score, 🎽 running shirt with sash, 🎾 tennis racquet and ball, 🎿 ski and ski boot, 🏀 basketball and hoop
🏁 chequered flag, 🏂 snowboarder, 🏃 runner, 🏄 surfer, 🏅 sports medal, 🏇 horse racing, 🏈 american football
🏉 rugby football, 🏊 swimmer, 🏋️ weight lifter, 🏌️ golfer, 🏍️ racing motorcycle, 🏎️ racing car
🏏 cricket bat and ball, 🏐 volleyball, 🏑 field hockey stick and ball, 🏒 ice hockey stick and puck
🏓 table tennis paddle and ball, 🏔️ snow capped mountain, 🏕️ camping, 🏖️ beach with umbrella
🏗️ building construction, 🏘️ house buildings, 🏙️ cityscape, 🏚️ derelict house building, 🏛️ classical building
🏜️ desert, 🏝️ desert island, 🏞️ national park, 🏟️ stadium, 🏡 house with garden, 🏣 japanese post office
🏤 european post office, 🏥 hospital, 🏧 automated teller machine, 🏩 love hotel, 🏫 school, 🏬 department store
🏭 factory, 🏮 izakaya lantern, 🏯 japanese castle, 🏰 european castle, 🏳️ waving white flag, 🏴 waving black flag
🏵️ rosette, 🏸 badminton racquet and shuttlecock, 🏹 bow and arrow, 🏺 amphora, 🐀 rat, 🐁 mouse, 🐂 ox, 🐃 water buffalo
🐄 cow, 🐅 tiger, 🐆 leopard, 🐇 rabbit, 🐈 cat emoji, 🐉 dragon, 🐊 crocodile, 🐋 whale, 🐌 snail, 🐍 snake, 🐎 horse, 🐏 ram
🐐 goat, 🐑 sheep, 🐒 monkey, 🐓 rooster, 🐔 chicken, 🐕 dog emoji, 🐖 pig, 🐗 boar, 🐘 elephant, 🐙 octopus, 🐚 spiral shell
🐛 bug, 🐜 ant, 🐞 lady beetle, 🐟 fish, 🐠 tropical fish, 🐡 blowfish, 🐢 turtle, 🐣 hatching chick, 🐤 baby chick
🐥 front-facing baby chick, 🐦 bird, 🐧 penguin, 🐨 koala, 🐩 poodle, 🐪 dromedary camel, 🐫 bactrian camel, 🐬 dolphin
🐭 mouse face, 🐮 cow face, 🐯 tiger face, 🐰 rabbit face, 🐲 dragon face, 🐳 spouting whale, 🐴 horse face, 🐵 monkey face
🐷 pig face, 🐸 frog face, 🐹 hamster face, 🐺 wolf face, 🐻 bear face, 🐼 panda face, 🐽 pig nose, 🐾 paw prints
🐿️ chipmunk, 👁️ eye, 👂 ear, 👃 nose, 👄 mouth, 👅 tongue, 👊 fisted hand sign, 👐 open hands sign, 👑 crown, 👒 womans hat
👔 necktie, 👖 jeans, 👘 kimono, 👙 bikini, 👚 womans clothes, 👛 purse, 👝 pouch, 👞 mans shoe, 👠 high-heeled shoe
👡 womans sandal, 👢 womans boots, 👣 footprints, 👤 bust in silhouette, 👥 busts in silhouette, 👦 boy, 👧 girl, 👨 man
👩 woman, 👪 family emoji, 👫 man and woman holding hands, 👬 two men holding hands, 👭 two women holding hands
👮 police officer, 👯 woman with bunny ears, 👰 bride with veil, 👱 person with blond hair, 👲 man with gua pi mao
👳 man with turban, 👴 older man, 👵 older woman, 👸 princess, 👹 japanese ogre, 👺 japanese goblin, 👻 ghost, 👼 baby angel
👽 extraterrestrial alien, 👾 alien monster, 👿 imp, 💀 skull, 💁 information desk person, 💂 guardsman, 💃 dancer
💅 nail polish, 💆 face massage, 💇 haircut, 💈 barber pole, 💉 syringe, 💋 kiss mark, 💌 love letter, 💎 gem stone
💏 kiss emoji, 💑 couple with heart, 💒 wedding, 💓 beating heart, 💗 growing heart, 💘 heart with arrow
💝 heart with ribbon, 💞 revolving hearts, 💟 heart decoration, 💠 diamond shape with a dot inside, 💢 anger symbol
💣 bomb, 💤 sleeping symbol, 💥 collision symbol, 💦 splashing sweat symbol, 💧 droplet, 💨 dash symbol, 💩 pile of poo
💮 white flower, 💱 currency exchange, 💲 heavy dollar sign, 💴 banknote with yen sign, 💸 money with wings
💹 chart with upwards trend and yen sign, 💺 seat, 💼 briefcase, 💽 minidisc, 💾 floppy disk, 💿 optical disc, 📀 dvd
📂 open file folder, 📇 card index, 📏 straight ruler, 📐 triangular ruler, 📑 bookmark tabs, 📒 ledger, 📓 notebook
📔 notebook with decorative cover, 📕 closed book, 📖 open book, 📗 green book, 📘 blue book, 📙 orange book, 📛 name badge
📜 scroll, 📟 pager, 📠 fax machine, 📡 satellite antenna, 📢 public address loudspeaker, 📣 cheering megaphone
📤 outbox tray, 📥 inbox tray, 📨 incoming envelope, 📪 closed mailbox with lowered flag
📫 closed mailbox with raised flag, 📬 open mailbox with raised flag, 📭 open mailbox with lowered flag, 📮 postbox
📯 postal horn, 📰 newspaper, 📲 mobile phone with rightwards arrow at left, 📳 vibration mode, 📴 mobile phone off
📵 no mobile phones, 📶 antenna with bars, 📹 video camera, 📺 television, 📻 radio, 📼 videocassette, 📽️ film projector
📿 prayer beads, 🔀 twisted rightwards arrows, 🔁 clockwise rightwards and leftwards open circle arrows
🔂 clockwise rightwards and leftwards open circle arrows with circled one overlay
🔃 clockwise downwards and upwards open circle arrows, 🔅 low brightness symbol, 🔆 high brightness symbol, 🔈 speaker
🔉 speaker with one sound wave, 🔎 right-pointing magnifying glass, 🔏 lock with ink pen, 🔐 closed lock with key
🔕 bell with cancellation stroke, 🔖 bookmark, 🔘 radio button, 🔚 end with leftwards arrow above
🔛 on with exclamation mark with left right arrow above, 🔞 no one under eighteen symbol, 🔟 keycap ten
🔠 input symbol for latin capital letters, 🔡 input symbol for latin small letters, 🔢 input symbol for numbers
🔣 input symbol for symbols, 🔤 input symbol for latin letters, 🔦 electric torch, 🔩 nut and bolt, 🔪 hocho, 🔫 pistol
🔬 microscope, 🔭 telescope, 🔮 crystal ball, 🔯 six pointed star with middle dot, 🔰 japanese symbol for beginner
🔱 trident emblem, 🔲 black square button, 🔳 white square button, 🔴 large red circle, 🔵 large blue circle
🔶 large orange diamond, 🔷 large blue diamond, 🔸 small orange diamond, 🔹 small blue diamond
🔺 up-pointing red triangle, 🔻 down-pointing red triangle, 🔼 up-pointing small red triangle
🔽 down-pointing small red triangle, 🕉️ om symbol, 🕊️ dove of peace, 🕋 kaaba, 🕌 mosque, 🕍 synagogue
🕎 menorah with nine branches, 🕑 clock face two oclock, 🕒 clock face three oclock, 🕓 clock face four oclock
🕔 clock face five oclock, 🕕 clock face six oclock, 🕖 clock face seven oclock, 🕗 clock face eight oclock
🕘 clock face nine oclock, 🕙 clock face ten oclock, 🕚 clock face eleven oclock, 🕛 clock face twelve oclock
🕜 clock face one-thirty, 🕝 clock face two-thirty, 🕞 clock face three-thirty, 🕟 clock face four-thirty
🕠 clock face five-thirty, 🕡 clock face six-thirty, 🕢 clock face seven-thirty, 🕣 clock face eight-thirty
🕤 clock face nine-thirty, 🕥 clock face ten-thirty, 🕦 clock face eleven-thirty, 🕧 clock face twelve-thirty, 🕯️ candle
🕰️ mantelpiece clock, 🕳️ hole, 🕴️ man in business suit levitating, 🕵️ sleuth or spy, 🕶️ dark sunglasses, 🕷️ spider
🕸️ spider web, 🕹️ joystick, 🕺 man dancing, 🖇️ linked paperclips, 🖊️ lower left ballpoint pen
🖋️ lower left fountain pen, 🖌️ lower left paintbrush, 🖍️ lower left crayon, 🖐️ raised hand with fingers splayed
🖕 reversed hand with middle finger extended, 🖖 raised hand with part between middle and ring fingers
🖱️ three button mouse, 🖲️ trackball, 🖼️ frame with picture, 🗂️ card index dividers, 🗃️ card file box
🗄️ file cabinet, 🗑️ wastebasket, 🗒️ spiral note pad, 🗓️ spiral calendar pad, 🗜️ compression, 🗝️ old key
🗞️ rolled-up newspaper, 🗡️ dagger knife, 🗣️ speaking head in silhouette, 🗨️ left speech bubble
🗯️ right anger bubble, 🗳️ ballot box with ballot, 🗻 mount fuji, 🗼 tokyo tower, 🗽 statue of liberty
🗾 silhouette of japan, 🗿 moyai, 😆 smiling face with open mouth and tightly-closed eyes, 😈 smiling face with horns
😑 expressionless face, 😒 unamused face, 😓 face with cold sweat, 😖 confounded face, 😗 kissing face
😙 kissing face with smiling eyes, 😚 kissing face with closed eyes, 😛 face with stuck-out tongue
😜 face with stuck-out tongue and winking eye, 😝 face with stuck-out tongue and tightly-closed eyes
😣 persevering face, 😥 disappointed but relieved face, 😦 frowning face with open mouth, 😧 anguished face
😪 sleepy face, 😫 tired face, 😯 hushed face, 😰 face with open mouth and cold sweat, 😵 dizzy face
😶 face without mouth, 😸 grinning cat face with smiling eyes, 😹 cat face with tears of joy
😺 smiling cat face with open mouth, 😻 smiling cat face with heart-shaped eyes, 😼 cat face with wry smile
😽 kissing cat face with closed eyes, 😾 pouting cat face, 😿 crying cat face, 🙀 weary cat face, 🙃 upside-down face
🙅 face with no good gesture, 🙆 face with ok gesture, 🙉 hear-no-evil monkey, 🙊 speak-no-evil monkey
🙍 person frowning, 🙎 person with pouting face, 🚁 helicopter, 🚂 steam locomotive, 🚃 railway car, 🚄 high-speed train
🚅 high-speed train with bullet nose, 🚇 metro, 🚈 light rail, 🚉 station, 🚊 tram, 🚋 tram car, 🚍 oncoming bus
🚎 trolleybus, 🚏 bus stop, 🚐 minibus, 🚑 ambulance, 🚒 fire engine, 🚓 police car, 🚔 oncoming police car, 🚕 taxi
🚖 oncoming taxi, 🚘 oncoming automobile, 🚙 recreational vehicle, 🚛 articulated lorry, 🚜 tractor, 🚝 monorail
🚞 mountain railway, 🚟 suspension railway, 🚠 mountain cableway, 🚡 aerial tramway, 🚢 ship, 🚣 rowboat, 🚤 speedboat
🚥 horizontal traffic light, 🚦 vertical traffic light, 🚧 construction sign, 🚨 police cars revolving light
🚩 triangular flag on post, 🚪 door, 🚬 smoking symbol, 🚭 no smoking symbol, 🚮 put litter in its place symbol
🚯 do not litter symbol, 🚰 potable water symbol, 🚱 non-potable water symbol, 🚳 no bicycles, 🚴 bicyclist
🚵 mountain bicyclist, 🚶 pedestrian, 🚷 no pedestrians, 🚸 children crossing, 🚹 mens symbol, 🚺 womens symbol
🚻 restroom, 🚼 baby symbol, 🚽 toilet, 🚾 water closet, 🚿 shower, 🛀 bath, 🛁 bathtub, 🛂 passport control, 🛃 customs
🛄 baggage claim, 🛅 left luggage, 🛋️ couch and lamp, 🛌 sleeping accommodation, 🛎️ bellhop bell, 🛏️ bed
🛐 place of worship, 🛕 hindu temple, 🛖 hut, 🛗 elevator, 🛝 playground slide, 🛞 wheel, 🛟 ring buoy, 🛡️ shield
🛢️ oil drum, 🛣️ motorway, 🛤️ railway track, 🛥️ motor boat, 🛩️ small airplane, 🛫 airplane departure
🛬 airplane arriving, 🛰️ satellite, 🛳️ passenger ship, 🛴 scooter, 🛵 motor scooter, 🛶 canoe, 🛷 sled, 🛸 flying saucer
🛹 skateboard, 🛺 auto rickshaw, 🛻 pickup truck, 🛼 roller skate, 🟠 large orange circle, 🟡 large yellow circle
🟢 large green circle, 🟣 large purple circle, 🟤 large brown circle, 🟥 large red square, 🟦 large blue square
🟧 large orange square, 🟨 large yellow square, 🟩 large green square, 🟪 large purple square, 🟫 large brown square
🟰 heavy equals sign, 🤌 pinched fingers, 🤎 brown heart, 🤏 pinching hand, 🤑 money-mouth face, 🤓 nerd face
🤖 robot face, 🤘 sign of the horns, 🤚 raised back of hand, 🤛 left-facing fist, 🤜 right-facing fist
🤟 i love you hand sign, 🤠 face with cowboy hat, 🤡 clown face, 🤤 drooling face, 🤥 lying face, 🤧 sneezing face
🤪 grinning face with one large and one small eye, 🤬 serious face with symbols covering mouth
🤭 smiling face with smiling eyes and hand covering mouth, 🤮 face with open mouth vomiting, 🤰 pregnant woman
🤱 breast-feeding, 🤲 palms up together, 🤳 selfie, 🤴 prince, 🤵 man in tuxedo, 🤶 mother christmas
🤸 person doing cartwheel, 🤹 juggling, 🤺 fencer, 🤼 wrestlers, 🤽 water polo, 🤾 handball, 🤿 diving mask
🥀 wilted flower, 🥁 drum with drumsticks, 🥃 tumbler glass, 🥄 spoon, 🥅 goal net, 🥈 second place medal
🥉 third place medal, 🥊 boxing glove, 🥋 martial arts uniform, 🥌 curling stone, 🥍 lacrosse stick and ball, 🥎 softball
🥏 flying disc, 🥑 avocado, 🥒 cucumber, 🥓 bacon, 🥔 potato, 🥕 carrot, 🥖 baguette bread, 🥘 shallow pan of food
🥙 stuffed flatbread, 🥚 egg, 🥛 glass of milk, 🥜 peanuts, 🥝 kiwifruit, 🥞 pancakes, 🥟 dumpling, 🥠 fortune cookie
🥡 takeout box, 🥢 chopsticks, 🥣 bowl with spoon, 🥤 cup with straw, 🥥 coconut, 🥦 broccoli, 🥧 pie, 🥨 pretzel
🥩 cut of meat, 🥪 sandwich, 🥫 canned food, 🥬 leafy green, 🥭 mango, 🥮 moon cake, 🥯 bagel, 🥱 yawning face
🥲 smiling face with tear, 🥴 face with uneven eyes and wavy mouth, 🥵 overheated face, 🥶 freezing face, 🥷 ninja
🥸 disguised face, 🥹 face holding back tears, 🥻 sari, 🥼 lab coat, 🥽 goggles, 🥾 hiking boot, 🥿 flat shoe, 🦀 crab
🦁 lion face, 🦂 scorpion, 🦃 turkey, 🦄 unicorn face, 🦅 eagle, 🦆 duck, 🦇 bat, 🦈 shark, 🦉 owl, 🦊 fox face, 🦌 deer
🦍 gorilla, 🦎 lizard, 🦏 rhinoceros, 🦐 shrimp, 🦑 squid, 🦒 giraffe face, 🦓 zebra face, 🦔 hedgehog, 🦕 sauropod, 🦖 t-rex
🦗 cricket, 🦘 kangaroo, 🦙 llama, 🦚 peacock, 🦛 hippopotamus, 🦜 parrot, 🦝 raccoon, 🦞 lobster, 🦟 mosquito, 🦠 microbe
🦡 badger, 🦢 swan, 🦣 mammoth, 🦤 dodo, 🦥 sloth, 🦦 otter, 🦧 orangutan, 🦨 skunk, 🦩 flamingo, 🦪 oyster, 🦫 beaver, 🦬 bison
🦭 seal, 🦮 guide dog, 🦯 probing cane, 🦰 emoji component red hair, 🦱 emoji component curly hair
🦲 emoji component bald, 🦳 emoji component white hair, 🦴 bone, 🦵 leg, 🦶 foot, 🦷 tooth, 🦸 superhero, 🦹 supervillain
🦺 safety vest, 🦻 ear with hearing aid, 🦼 motorized wheelchair, 🦽 manual wheelchair, 🦾 mechanical arm
🦿 mechanical leg, 🧀 cheese wedge, 🧁 cupcake, 🧂 salt shaker, 🧃 beverage box, 🧄 garlic, 🧅 onion, 🧆 falafel, 🧇 waffle
🧈 butter, 🧉 mate drink, 🧊 ice cube, 🧋 bubble tea, 🧌 troll, 🧍 standing person, 🧎 kneeling person, 🧏 deaf person
🧐 face with monocle, 🧑 adult, 🧒 child, 🧓 older adult, 🧔 bearded person, 🧕 person with headscarf
🧖 person in steamy room, 🧗 person climbing, 🧘 person in lotus position, 🧙 mage, 🧚 fairy, 🧛 vampire, 🧜 merperson
🧝 elf, 🧞 genie, 🧟 zombie, 🧠 brain, 🧢 billed cap, 🧣 scarf, 🧤 gloves, 🧥 coat, 🧦 socks, 🧧 red gift envelope
🧨 firecracker, 🧩 jigsaw puzzle piece, 🧪 test tube, 🧫 petri dish, 🧬 dna double helix, 🧭 compass, 🧮 abacus
🧯 fire extinguisher, 🧰 toolbox, 🧱 brick, 🧲 magnet, 🧳 luggage, 🧴 lotion bottle, 🧵 spool of thread, 🧶 ball of yarn
🧷 safety pin, 🧸 teddy bear, 🧹 broom, 🧺 basket, 🧻 roll of paper, 🧼 bar of soap, 🧽 sponge, 🧿 nazar amulet
🩰 ballet shoes, 🩱 one-piece swimsuit, 🩲 briefs, 🩳 shorts, 🩴 thong sandal, 🩸 drop of blood, 🩺 stethoscope, 🩻 x-ray
🩼 crutch, 🪀 yo-yo, 🪁 kite, 🪂 parachute, 🪃 boomerang, 🪄 magic wand, 🪅 pinata, 🪆 nesting dolls, 🪐 ringed planet
🪑 chair, 🪒 razor, 🪓 axe, 🪔 diya lamp, 🪕 banjo, 🪖 military helmet, 🪗 accordion, 🪘 long drum, 🪙 coin, 🪚 carpentry saw
🪛 screwdriver, 🪜 ladder, 🪝 hook, 🪞 mirror, 🪟 window, 🪠 plunger, 🪡 sewing needle, 🪢 knot, 🪣 bucket, 🪤 mouse trap
🪥 toothbrush, 🪦 headstone, 🪧 placard, 🪨 rock, 🪩 mirror ball, 🪪 identification card, 🪫 low battery, 🪬 hamsa, 🪰 fly
🪱 worm, 🪲 beetle, 🪳 cockroach, 🪴 potted plant, 🪵 wood, 🪶 feather, 🪷 lotus, 🪸 coral, 🪹 empty nest, 🪺 nest with eggs
🫀 anatomical heart, 🫁 lungs, 🫂 people hugging, 🫃 pregnant man, 🫄 pregnant person, 🫅 person with crown, 🫐 blueberries
🫑 bell pepper, 🫒 olive, 🫓 flatbread, 🫔 tamale, 🫕 fondue, 🫗 pouring liquid, 🫘 beans, 🫙 jar, 🫠 melting face
🫡 saluting face, 🫢 face with open eyes and hand over mouth, 🫣 face with peeking eye, 🫤 face with diagonal mouth
🫥 dotted line face, 🫦 biting lip, 🫧 bubbles, 🫰 hand with index finger and thumb crossed, 🫱 rightwards hand
🫲 leftwards hand, 🫳 palm down hand, 🫴 palm up hand, 🫵 index pointing at the viewer, 🫶 heart hands
`;
