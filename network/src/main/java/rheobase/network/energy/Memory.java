package rheobase.network.energy;

import java.util.Arrays;

/**
 * Memories of a chip at 45 nm and what an access costs; Horowitz, ISSCC 2014, figure 1.1.9, which
 * gives accesses of 64 bits: 10, 20 and 100 pJ for caches of 8 KB, 32 KB and 1 MB, 1.3 to 2.6 nJ
 * for DRAM. A word of 32 bits is taken as half of that, DRAM at the lower end.
 */
public enum Memory {
  SRAM_8_KB("8 KB SRAM", 8 << 10, 5),
  SRAM_32_KB("32 KB SRAM", 32 << 10, 10),
  SRAM_1_MB("1 MB SRAM", 1 << 20, 50),
  DRAM("DRAM", Long.MAX_VALUE, 650);

  private final String text;
  private final long bytes;
  private final double picojoulesPerWord;

  Memory(String text, long bytes, double picojoulesPerWord) {
    this.text = text;
    this.bytes = bytes;
    this.picojoulesPerWord = picojoulesPerWord;
  }

  /**
   * The smallest that holds so many words of 32 bits.
   *
   * @param words weights, constants and states together
   */
  public static Memory holding(double words) {
    return Arrays.stream(values())
        .filter(memory -> words * Float.BYTES <= memory.bytes)
        .findFirst()
        .orElseThrow();
  }

  /** As tables write it. */
  public String text() {
    return text;
  }

  /** Of one word of 32 bits, read or written. */
  public double picojoulesPerWord() {
    return picojoulesPerWord;
  }
}
