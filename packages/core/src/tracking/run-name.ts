import { stableHash } from "../stable-hash.ts";

const QUALITIES =
  "able amber bold brave bright brisk calm clear clever cosy crisp deft eager early fair fleet fond gentle glad golden grand happy hardy honest humble jolly keen kind lively loyal lucky mellow merry mild neat noble patient placid plucky polite proud quick quiet rapid ready rosy sage serene sharp silent silver smooth snug steady sunny swift tidy tranquil upbeat vivid warm wise witty zesty".split(
    " ",
  );
const ANIMALS =
  "ant badger bat bear beaver bee bison boar carp cat cod crab crane cricket crow deer dove duck eagle eel elk falcon ferret finch fox frog gecko goat goose hare hawk heron horse ibis jay koala lark lemur lion lynx magpie marten mole moose moth mouse newt otter owl panda pike puffin quail rabbit raven robin salmon seal shrew snail sparrow stoat stork swan tern toad trout vole wolf wren yak".split(
    " ",
  );

/** A pronounceable name such as `brave-otter-42`, derived from the run's id. */
export function runName(id: string): string {
  let seed = stableHash(id);
  const draw = (size: number): number => {
    const index = seed % size;
    seed = Math.floor(seed / size);
    return index;
  };
  return `${QUALITIES[draw(QUALITIES.length)]}-${ANIMALS[draw(ANIMALS.length)]}-${draw(100)}`;
}
