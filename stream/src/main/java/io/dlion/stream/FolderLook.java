package io.dlion.stream;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds files in a folder and the folders below it, and waits until each has not changed for 300
 * ms.
 *
 * <p>Every 200 ms each folder's own date is looked at, and those that have changed are listed. A
 * listing asks for the attributes of unknown names only. Now and then everything is looked at, for
 * files that were written over and for file systems whose dates are coarse. After a look that took
 * long the next one waits five times as long, and twenty times as long where it was at everything.
 * So looking takes at most a fourth of a processor, however many files there are.
 *
 * <p>At most 20,000 files wait at a time; further ones are found when these have been taken.
 * Confined to one thread.
 */
final class FolderLook {
  static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long WHOLE_LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A folder that changed so short before it was listed may change again under the same date. */
  private static final long COARSE_MILLIS = 100;

  private static final int WAITING_MAX = 20_000;
  private static final int DEPTH_MAX = 32;
  private static final List<String> UNFINISHED = List.of(".tmp", ".part", ".crdownload");

  /**
   * A file as it was last seen.
   *
   * @param foundNanos when it was first seen
   * @param changedNanos when it was last seen to have changed
   * @param arrivedMillis at most so many milliseconds before {@code foundNanos} it arrived
   */
  record Found(
      Path file,
      String name,
      long size,
      long modifiedMillis,
      long foundNanos,
      long changedNanos,
      long arrivedMillis) {
    Found changed(BasicFileAttributes now, long nowNanos) {
      return new Found(
          file,
          name,
          now.size(),
          now.lastModifiedTime().toMillis(),
          foundNanos,
          nowNanos,
          arrivedMillis);
    }

    boolean is(BasicFileAttributes now) {
      return size == now.size() && modifiedMillis == now.lastModifiedTime().toMillis();
    }
  }

  private final Path root;
  private final FileLedger ledger;

  /** The date with which each folder was listed; -1 where it is to be listed again. */
  private final Map<Path, Long> folders = new LinkedHashMap<>();

  private final Map<String, Found> waiting = new LinkedHashMap<>();

  /** Names of files that were handed over and are not done with. */
  private final Set<String> handedOver = new HashSet<>();

  private boolean full;
  private long lookAtNanos;
  private long lookAtAllNanos;
  private long lastLookNanos;
  private boolean looked;

  FolderLook(Path root, FileLedger ledger, long nowNanos) {
    this.root = root;
    this.ledger = ledger;
    folders.put(root, -1L);
    lookAtNanos = nowNanos;
    lookAtAllNanos = nowNanos;
  }

  /** Files that were found and not handed over. */
  int waiting() {
    return waiting.size();
  }

  /** When to look again. */
  long nextNanos() {
    return lookAtNanos;
  }

  /** Looks, where it is time to. */
  void look(long nowNanos) throws IOException {
    if (nowNanos < lookAtNanos || (full && waiting.size() > WAITING_MAX / 2)) {
      return;
    }
    boolean all = full || nowNanos >= lookAtAllNanos;
    full = false;
    Deque<Path> due = new ArrayDeque<>(folders.keySet());
    while (!due.isEmpty() && !full) {
      Path folder = due.removeFirst();
      lookInto(folder, all, nowNanos, due);
    }
    long end = System.nanoTime();
    if (all) {
      lookAtAllNanos = end + Math.max(WHOLE_LOOK_NANOS, 20 * (end - nowNanos));
      lookAtNanos = end + LOOK_NANOS;
    } else {
      lookAtNanos = end + Math.max(LOOK_NANOS, 5 * (end - nowNanos));
    }
    lastLookNanos = nowNanos;
    looked = true;
  }

  private void lookInto(Path folder, boolean all, long nowNanos, Deque<Path> due)
      throws IOException {
    try {
      long modified = Files.getLastModifiedTime(folder).toMillis();
      if (!all && folders.getOrDefault(folder, -1L) == modified) {
        return;
      }
      boolean recent = System.currentTimeMillis() - modified < COARSE_MILLIS;
      list(folder, all, nowNanos, due::addLast);
      folders.put(folder, full || recent ? -1L : modified);
    } catch (NoSuchFileException e) {
      if (folder.equals(root)) {
        throw e;
      }
      folders.remove(folder);
    }
  }

  private void list(Path folder, boolean all, long nowNanos, Consumer<Path> found)
      throws IOException {
    String prefix = folder.equals(root) ? "" : name(folder) + "/";
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (waiting.size() >= WAITING_MAX) {
          full = true;
          return;
        }
        String name = String.valueOf(entry.getFileName());
        if (!isPassedOver(name)) {
          see(entry, prefix + name, all, nowNanos, found);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** What is hidden, or not finished by its name. */
  private static boolean isPassedOver(String name) {
    return name.startsWith(".")
        || name.startsWith("_")
        || UNFINISHED.stream().anyMatch(name::endsWith);
  }

  private void see(Path entry, String name, boolean all, long nowNanos, Consumer<Path> found) {
    if (waiting.containsKey(name)
        || handedOver.contains(name)
        || (!all && ledger.knows(name))
        || folders.containsKey(entry)) {
      return;
    }
    BasicFileAttributes now = attributes(entry);
    if (now == null) {
      return; // gone since it was listed
    }
    if (now.isDirectory()) {
      if (root.relativize(entry).getNameCount() < DEPTH_MAX) {
        folders.put(entry, -1L);
        found.accept(entry);
      }
    } else if (now.isRegularFile()
        && !ledger.knows(name, now.size(), now.lastModifiedTime().toMillis())) {
      waiting.put(
          name,
          new Found(
              entry,
              name,
              now.size(),
              now.lastModifiedTime().toMillis(),
              nowNanos,
              nowNanos,
              looked ? TimeUnit.NANOSECONDS.toMillis(nowNanos - lastLookNanos) : Long.MAX_VALUE));
    }
  }

  private String name(Path entry) {
    String name = root.relativize(entry).toString();
    return File.separatorChar == '/' ? name : name.replace('\\', '/');
  }

  /** Null where the file is gone. */
  static @Nullable BasicFileAttributes attributes(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** Hands over the files that have not changed for a while, the oldest first. */
  List<Found> settled(long nowNanos) {
    List<Found> settled = new ArrayList<>();
    Iterator<Map.Entry<String, Found>> entries = waiting.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Found> entry = entries.next();
      Found before = entry.getValue();
      if (nowNanos - before.changedNanos() < SETTLED_NANOS) {
        continue;
      }
      BasicFileAttributes now = attributes(before.file());
      if (now != null && !before.is(now)) {
        entry.setValue(before.changed(now, nowNanos));
      } else {
        entries.remove();
        handedOver.add(before.name());
        settled.add(before);
      }
    }
    settled.sort(Comparator.comparingLong(Found::modifiedMillis).thenComparing(Found::name));
    return settled;
  }

  /** A file that was handed over is in the ledger, or gone. */
  void done(Found found) {
    handedOver.remove(found.name());
  }

  /** Takes a file back that is not fit to be read yet. */
  void wait(Found found, long nowNanos) {
    handedOver.remove(found.name());
    BasicFileAttributes now = attributes(found.file());
    waiting.put(found.name(), now == null ? found : found.changed(now, nowNanos));
  }
}
