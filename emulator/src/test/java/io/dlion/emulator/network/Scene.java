package io.dlion.emulator.network;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.emulator.time.VirtualTime;
import java.util.Map;
import java.util.TreeMap;

/** A network in virtual time whose messages have names, and when they left and arrived. */
final class Scene {
  static final long SECOND = 1_000_000_000L;

  final VirtualTime time = new VirtualTime();
  final Environment environment;
  final Network network;

  /** Nanoseconds at which the last byte of each message left, and at which it arrived. */
  final Map<String, Long> left = new TreeMap<>();

  final Map<String, Long> delivered = new TreeMap<>();

  /** Workers w1, w2, … each in a site of its own, with access links of so many Mbit/s. */
  static Scene apart(double... mbit) {
    StringBuilder yaml = new StringBuilder("workers:\n");
    for (double rate : mbit) {
      yaml.append("- {cores: 24, mbit: ").append(rate).append("}\n");
    }
    return new Scene(yaml.toString());
  }

  Scene(String yaml) {
    environment = Environments.parse("scene", yaml);
    network = new Network(environment, time);
  }

  static WorkerId w(int number) {
    return new WorkerId("w" + number);
  }

  /** Sends a gradient now. */
  void send(String name, int from, int to, long bytes) {
    send(name, from, to, bytes, Priority.GRADIENT);
  }

  void send(String name, int from, int to, long bytes, Priority priority) {
    send(name, w(from), w(to), bytes, priority);
  }

  void send(String name, WorkerId from, WorkerId to, long bytes, Priority priority) {
    network.send(
        from,
        to,
        bytes,
        priority,
        () -> left.put(name, time.nowNanos()),
        () -> delivered.put(name, time.nowNanos()));
  }

  void at(double seconds, Runnable what) {
    time.at(Math.round(seconds * SECOND), what);
  }

  /** Runs until so many seconds after the beginning. */
  void runUntil(double seconds) {
    at(seconds, () -> {});
    while (time.step(Math.round(seconds * SECOND))) {}
  }

  long sent(int from, int to) {
    return network.bytesSent(w(from), w(to));
  }
}
