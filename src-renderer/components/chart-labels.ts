/** A mark to be labelled, in the pixels of the canvas. */
export interface LabelWish {
  /** Where its line stands. */
  readonly x: number;
  /** How wide its text is. */
  readonly width: number;
}

export interface LabelPlace {
  /** 0 is the row next to the plot; the mark's line goes up to its label's row. */
  readonly row: number;
  /** Where the text begins. */
  readonly left: number;
}

interface Room {
  readonly left: number;
  readonly right: number;
  readonly rows: number;
  /** Between a line and its text, and between one text and the next line. */
  readonly gap: number;
}

/**
 * Puts each label beside its line: after it, or before it where there is no room to the right. They share a row unless one
 * would cover another or be crossed by another's line. Null where there is no room in any row. The most important wish
 * comes first: it is the last to be left out.
 */
export function placeLabels(wishes: readonly LabelWish[], room: Room): readonly (LabelPlace | null)[] {
  for (let kept = wishes.length; kept > 0; kept -= 1) {
    const placed = placeAll(wishes.slice(0, kept), room);
    if (placed !== null) return wishes.map((_, index) => placed[index] ?? null);
  }
  return wishes.map(() => null);
}

function placeAll(wishes: readonly LabelWish[], room: Room): readonly LabelPlace[] | null {
  const sides = wishes.map((wish, index) => {
    const { x, width } = wish;
    const fits = x + room.gap + width <= room.right;
    const left = fits ? x + room.gap : Math.max(room.left, x - room.gap - width);
    return { index, x, left, right: left + width, after: fits };
  });
  // Labels before their lines from the left on, those after their lines from the right on: so no line has to cross a text.
  const order = [
    ...sides.filter(({ after }) => !after).sort((a, b) => a.x - b.x),
    ...sides.filter(({ after }) => after).sort((a, b) => b.x - a.x),
  ];
  const placed: ((typeof sides)[number] & { readonly row: number })[] = [];
  for (const wish of order) {
    const row = Array.from({ length: room.rows }, (_, each) => each).find((each) =>
      placed.every((other) => {
        const apart = wish.left >= other.right + room.gap || wish.right + room.gap <= other.left;
        const lineApart = (line: number, text: typeof wish) =>
          line < text.left - room.gap / 2 || line > text.right + room.gap / 2;
        if (each === other.row) return apart && lineApart(wish.x, other) && lineApart(other.x, wish);
        return each > other.row ? lineApart(wish.x, other) : lineApart(other.x, wish);
      }),
    );
    if (row === undefined) return null;
    placed.push({ ...wish, row });
  }
  return placed.sort((a, b) => a.index - b.index).map(({ row, left }) => ({ row, left }));
}
