package io.dlion.monitor.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run ran on, as far as it may matter for its numbers. Nothing here names a machine, a
 * person or a path.
 *
 * @param dlion version of DLion
 * @param commit of its source, where known
 * @param javaVersion for example {@code 25.0.1+8}
 * @param javaVendor who built that Java
 * @param operatingSystem name and release
 * @param architecture of the processor
 * @param processors that the JVM may use
 */
public record Provenance(
    String dlion,
    @Nullable String commit,
    String javaVersion,
    String javaVendor,
    String operatingSystem,
    String architecture,
    int processors) {

  /**
   * What this JVM runs on.
   *
   * @param dlion version of DLion
   * @param commit of its source, where the build knew it
   */
  public static Provenance here(String dlion, @Nullable String commit) {
    return new Provenance(
        dlion,
        commit == null || commit.isBlank() ? null : commit.strip(),
        Runtime.version().toString(),
        System.getProperty("java.vendor", "unknown"),
        System.getProperty("os.name", "unknown") + " " + System.getProperty("os.version", ""),
        System.getProperty("os.arch", "unknown"),
        Runtime.getRuntime().availableProcessors());
  }

  /** The same as plain values in a fixed order, for job.yaml and result.json. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dlion", dlion);
    if (commit != null) {
      map.put("commit", commit);
    }
    map.put("java", javaVersion);
    map.put("javaVendor", javaVendor);
    map.put("operatingSystem", operatingSystem);
    map.put("architecture", architecture);
    map.put("processors", processors);
    return map;
  }
}
