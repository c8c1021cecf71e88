package io.dlion.stream;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files that were taken, in a file that is only appended to. Each line has, between tabs, the
 * file's number in the order in which files were taken, its size in bytes, the time of its last
 * change in ms, the {@link RecordHash} of its content, and its name. A file that is known but was
 * not taken (a duplicate, an empty file) has {@code -} for a number. What a crash left of a last
 * line is cut off.
 *
 * <p>In memory a known name takes 64 bytes, a content as much: names and contents are told apart by
 * hashes of 64 bits. Confined to one thread.
 */
final class FileLedger implements AutoCloseable {
  /** A line of the ledger. */
  record Entry(long sequence, long size, long modifiedMillis, long hash, String name) {
    boolean wasTaken() {
      return sequence >= 0;
    }
  }

  /** What a file turned out to be. */
  enum Finding {
    /** It was not there before, and has a number now. */
    NEW,
    /** The same file, with another date. */
    AGAIN,
    /** Another file has the same content. */
    DUPLICATE
  }

  private static final int FIELDS = 5;

  private final Path file;
  private final FileOutputStream out;
  private final StringBuilder unwritten = new StringBuilder();

  /** Size and date by name. */
  private final LongMap names = new LongMap();

  /** The name that had it first, by content. */
  private final LongMap contents = new LongMap();

  private long next;

  private FileLedger(Path file, FileOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** Opens a ledger, or begins one. */
  static FileLedger open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      long sound = soundBytes(file);
      if (sound < (Files.exists(file) ? Files.size(file) : 0)) {
        try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
          torn.setLength(sound);
        }
      }
      FileLedger ledger = new FileLedger(file, new FileOutputStream(file.toFile(), true));
      try (Entries entries = ledger.entries(-1)) {
        for (Entry e = entries.next(); e != null; e = entries.next()) {
          ledger.remember(e);
        }
      }
      return ledger;
    } catch (IOException e) {
      throw new UserError(file + ": cannot read or write the list of files taken: " + e, e);
    }
  }

  /** The bytes up to the end of the last whole line. */
  private static long soundBytes(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      for (long at = in.length(); at > 0; at--) {
        in.seek(at - 1);
        if (in.read() == '\n') {
          return at;
        }
      }
      return 0;
    }
  }

  private void remember(Entry e) {
    names.put(key(e.name()), fingerprint(e.size(), e.modifiedMillis()));
    if (!contents.contains(e.hash())) {
      contents.put(e.hash(), key(e.name()));
    }
    next = Math.max(next, e.sequence() + 1);
  }

  private static long key(String name) {
    return RecordHash.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static long fingerprint(long size, long modifiedMillis) {
    return size * 0x9E3779B97F4A7C15L + modifiedMillis;
  }

  /** The number that the next file gets. */
  long next() {
    return next;
  }

  /** Files from a number on are new, though the ledger has lost those before it. */
  void skipTo(long sequence) {
    next = Math.max(next, sequence);
  }

  boolean knows(String name) {
    return names.contains(key(name));
  }

  boolean knows(String name, long size, long modifiedMillis) {
    long key = key(name);
    return names.contains(key) && names.get(key, 0) == fingerprint(size, modifiedMillis);
  }

  /** Enters a file. Where it is new, its number is {@link #next} minus 1 afterwards. */
  Finding enter(String name, long size, long modifiedMillis, long hash) {
    if (!contents.contains(hash)) {
      write(new Entry(next, size, modifiedMillis, hash, name));
      return Finding.NEW;
    }
    write(new Entry(-1, size, modifiedMillis, hash, name));
    return contents.get(hash, 0) == key(name) ? Finding.AGAIN : Finding.DUPLICATE;
  }

  /** Enters a file that is not to be read, as it is now. */
  void refuse(String name, long size, long modifiedMillis) {
    // A content that no file has: of the name, so that another file with it is not a duplicate.
    write(new Entry(-1, size, modifiedMillis, key("\0" + name), name));
  }

  private void write(Entry e) {
    remember(e);
    unwritten.append(
        Phrase.of(
            "%s\t%d\t%d\t%016x\t%s\n",
            e.wasTaken() ? Long.toString(e.sequence()) : "-",
            e.size(),
            e.modifiedMillis(),
            e.hash(),
            escaped(e.name())));
  }

  /** Forces what was entered to the disk. */
  void sync() throws IOException {
    if (!unwritten.isEmpty()) {
      out.write(unwritten.toString().getBytes(StandardCharsets.UTF_8));
      unwritten.setLength(0);
      out.getFD().sync();
    }
  }

  /** The entries of files taken with this number or a later one, up to now; all where it is -1. */
  Entries entries(long from) throws IOException {
    sync();
    return new Entries(Files.newInputStream(file), Files.size(file), from);
  }

  /** Entries in the order of the ledger. */
  static final class Entries implements AutoCloseable {
    private final InputStream in;
    private final long from;
    private long left;

    private Entries(InputStream in, long bytes, long from) {
      this.in = new BufferedInputStream(in, 1 << 16);
      this.left = bytes;
      this.from = from;
    }

    @Nullable Entry next() throws IOException {
      while (left > 0) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int c;
        while (left > 0 && (c = in.read()) >= 0) {
          left--;
          if (c == '\n') {
            break;
          }
          line.write(c);
        }
        Entry e = parse(line.toString(StandardCharsets.UTF_8));
        if (e != null && (from < 0 || e.sequence() >= from)) {
          return e;
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** A line that is none is passed over: its file is taken once more. */
  private static @Nullable Entry parse(String line) {
    String[] fields = line.split("\t", FIELDS);
    if (fields.length < FIELDS) {
      return null;
    }
    try {
      return new Entry(
          fields[0].equals("-") ? -1 : Long.parseLong(fields[0]),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          Long.parseUnsignedLong(fields[3], 16),
          unescaped(fields[4]));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\' && i + 1 < name.length()) {
        char escape = name.charAt(++i);
        text.append(escape == 'n' ? '\n' : escape == 'r' ? '\r' : escape);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try (out) {
      sync();
    } catch (IOException e) {
      // Files entered since the last sync are taken once more; nobody has learned from them.
    }
  }
}
