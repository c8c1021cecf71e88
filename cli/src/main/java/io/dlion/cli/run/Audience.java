package io.dlion.cli.run;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.util.List;
import java.util.Optional;

/**
 * Who follows a run, and can stop it.
 *
 * @param console where it is told of
 * @param interruption whether a person wants it to stop
 * @param command the command whose {@code --resume} goes on with the run, and its other options
 * @param served tells of the run while it lasts; empty where nobody asked for that
 */
record Audience(
    Console console,
    Interruption interruption,
    List<String> command,
    Optional<WorkerMetrics> served) {}
