import { BitReader, BitWriter } from './bits';
import { emptySketch, highestRank, type Precision, rankBits, type Sketch } from './sketch';

/**
 * Layout: a byte `version << 4 | form`, a byte with the precision, then by form
 *
 * - sparse: register (precision bits) and rank (6 bits) of each register that saw something, registers ascending
 * - dense: the lowest rank (5 bits) and k (3 bits), then of each register how far its rank is above the lowest, as a
 *   Rice code: that number divided by 2^k as so many ones and a zero, and the remainder in k bits
 *
 * and zeros to the end of the last byte. It is stored data, so a change is a new version.
 *
 * Ranks lie close together, so that a Rice code takes some 3.7 bits a register where plain ones take 6; and what is
 * written is paid by its bytes. It is never above 7 bits, which k = 5 gives for any ranks.
 */
const version = 1;
const forms = { sparse: 0, dense: 1 } as const;
type Form = keyof typeof forms;

const headerBits = 16;
const lowestBits = 5;
const kBits = 3;
const largestK = 5;

/**
 * The bytes of a sketch, in the form that is shorter: a page with ten visitors takes 22 bytes, one with a thousand
 * about 480. Sketches with equal registers have equal bytes.
 */
export function encodeSketch({ precision, registers }: Sketch): Uint8Array {
  const ranks = rankHistogram(registers);
  const sparseBits = (registers.length - ranks[0]!) * (precision + rankBits);
  const code = riceCode(ranks);
  const form: Form = sparseBits <= code.bits ? 'sparse' : 'dense';

  const bits = headerBits + (form === 'sparse' ? sparseBits : code.bits);
  const writer = new BitWriter(new Uint8Array(Math.ceil(bits / 8)));
  writer.write((version << 4) | forms[form], 8);
  writer.write(precision, 8);
  if (form === 'sparse') {
    for (const [register, rank] of registers.entries()) {
      if (rank > 0) writer.write((register << rankBits) | rank, precision + rankBits);
    }
  } else {
    const { lowest, k } = code;
    writer.write((lowest << kBits) | k, lowestBits + kBits);
    for (const rank of registers) {
      writer.writeOnes((rank - lowest) >>> k);
      writer.write((rank - lowest) & ((1 << k) - 1), k + 1);
    }
  }
  return writer.bytes;
}

/** @throws RangeError that says what is wrong, if the bytes are not exactly what `encodeSketch` gives */
export function decodeSketch(bytes: Uint8Array): Sketch {
  const refuse = (what: string) => new RangeError(`sketch of ${bytes.length} bytes: ${what}`);
  const [head, precision] = bytes;
  const form = formNames.find((name) => head === ((version << 4) | forms[name]));
  if (form === undefined)
    throw refuse(`begins with ${head ?? 'nothing'}; must be ${allowedHeads.join(' or ')}`);
  if (!isPrecision(precision)) throw refuse(`precision ${precision ?? 'is missing'}; must be 10 or 12`);

  const sketch = emptySketch(precision);
  const reader = new BitReader(bytes, headerBits);
  const isRead = form === 'sparse' ? readSparse(reader, sketch) : readDense(reader, sketch);
  // One spelling a sketch: this finds wrong lengths, orders and padding, and lets bytes stand for sketches.
  if (!isRead || !areEqual(encodeSketch(sketch), bytes)) {
    throw refuse(`not the ${form} form of any sketch of precision ${precision}`);
  }
  return sketch;
}

const formNames = Object.keys(forms) as Form[];
const allowedHeads = formNames.map((name) => (version << 4) | forms[name]);

function isPrecision(byte: number | undefined): byte is Precision {
  return byte === 10 || byte === 12;
}

/** How many registers have each rank. */
function rankHistogram(registers: Uint8Array): Uint32Array {
  const ranks = new Uint32Array(1 << rankBits);
  for (const rank of registers) ranks[rank]!++;
  return ranks;
}

/** The k with the fewest bits, and of those the smallest; `bits` is all that follows the header. */
function riceCode(ranks: Uint32Array): {
  readonly lowest: number;
  readonly k: number;
  readonly bits: number;
} {
  const lowest = Math.min(
    ranks.findIndex((count) => count > 0),
    (1 << lowestBits) - 1,
  );
  let best = { lowest, k: 0, bits: Number.POSITIVE_INFINITY };
  for (let k = 0; k <= largestK; k++) {
    let bits = lowestBits + kBits;
    for (const [rank, count] of ranks.entries()) {
      if (count > 0) bits += count * (((rank - lowest) >>> k) + 1 + k);
    }
    if (bits < best.bits) best = { lowest, k, bits };
  }
  return best;
}

/** Returns whether it could be read. */
function readSparse(reader: BitReader, { precision, registers }: Sketch): boolean {
  const width = precision + rankBits;
  while (reader.bitsLeft >= width) {
    const entry = reader.read(width);
    const rank = entry & ((1 << rankBits) - 1);
    if (rank > highestRank(precision)) return false;
    registers[entry >>> rankBits] = rank;
  }
  return true;
}

/** Returns whether it could be read. */
function readDense(reader: BitReader, { precision, registers }: Sketch): boolean {
  if (reader.bitsLeft < lowestBits + kBits) return false;
  const lowest = reader.read(lowestBits);
  const k = reader.read(kBits);
  for (const register of registers.keys()) {
    const ones = reader.readOnes();
    if (reader.bitsLeft < k) return false;
    const rank = lowest + (ones << k) + reader.read(k);
    if (rank > highestRank(precision)) return false;
    registers[register] = rank;
  }
  return true;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
