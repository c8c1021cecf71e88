package io.dlion.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as it is installed, deploy/dlion.sh and all, called {@code dlion} in a shell. */
final class ShellProgram {
  private static final Path LAUNCHER =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "deploy/dlion.sh");

  private final Path folder;
  private final Path app;
  private final Path bin;
  private final List<Running> started = new ArrayList<>();

  /**
   * Installs it.
   *
   * @param folder gets the installation, and is where commands run
   */
  ShellProgram(Path folder) throws IOException {
    this.folder = folder;
    app = Files.createDirectories(folder.resolve("app"));
    bin = Files.createDirectories(folder.resolve("bin"));
    Files.copy(LAUNCHER, bin.resolve("dlion"), StandardCopyOption.COPY_ATTRIBUTES);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
    try (OutputStream file = Files.newOutputStream(app.resolve("dlion-classes.jar"))) {
      new JarOutputStream(file, manifest).close();
    }
  }

  /** The classes of this test, as a manifest names them. */
  private static String classPath() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toUri().toString())
        .collect(Collectors.joining(" "));
  }

  /** Runs a script, which may call {@code dlion}; its errors are among its output. */
  Running start(String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh").directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    String home = environment.getOrDefault("HOME", "/tmp");
    environment.clear();
    environment.put("HOME", home);
    environment.put("DLION_APP", app.toString());
    environment.put("DLION_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    environment.put("PATH", String.join(":", bin.toString(), java, "/usr/bin", "/bin"));
    Running running = new Running(builder.redirectErrorStream(true).start(), script);
    started.add(running);
    return running;
  }

  /** Runs a script that is to succeed, and returns what it said. */
  List<String> run(String script) throws IOException, InterruptedException {
    Running running = start(script);
    int code = running.end();
    if (code != 0) {
      throw new AssertionError("exit code " + code + " of " + running);
    }
    return running.said();
  }

  /** Ends what still runs. */
  void end() throws InterruptedException {
    for (Running running : started) {
      running.process.descendants().forEach(ProcessHandle::destroyForcibly);
      running.process.destroyForcibly().waitFor();
    }
  }

  /** A script under way. */
  static final class Running {
    private final Process process;
    private final String script;
    private final BufferedReader output;
    private final List<String> said = new ArrayList<>();

    private Running(Process process, String script) throws IOException {
      this.process = process;
      this.script = script;
      output = process.inputReader(StandardCharsets.UTF_8);
      try (OutputStream in = process.getOutputStream()) {
        in.write((script + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }

    /** Waits until it says such a line. */
    String awaitLine(Predicate<String> wanted) throws IOException {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said.add(line);
        if (wanted.test(line)) {
          return line;
        }
      }
      throw new AssertionError("it has ended: " + this);
    }

    /** Waits until it has ended; its exit code. */
    int end() throws IOException, InterruptedException {
      output.lines().forEach(said::add);
      return process.waitFor();
    }

    /** Asks it to stop, as Ctrl-C does; a script that is one {@code exec} is the program itself. */
    void stop() {
      process.toHandle().destroy(); // its output stays open
    }

    long pid() {
      return process.pid();
    }

    List<String> said() {
      return said;
    }

    @Override
    public String toString() {
      return script + "\n" + String.join("\n", said);
    }
  }
}
