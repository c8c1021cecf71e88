package io.dlion.cli.command;

import io.dlion.cli.cap.CapOptions;
import io.dlion.cli.cap.MachineShare;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.option.Certificates;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.option.ListeningPlace;
import io.dlion.cli.option.MetricsOptions;
import io.dlion.cli.option.Retyped;
import io.dlion.cli.run.WorkerPlace;
import io.dlion.cli.run.Working;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.worker.Handicap;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.monitor.prometheus.WorkerMetrics;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlion worker}: one worker of a cluster on a network, in a process of its own. */
@Command(
    name = "worker",
    description = {
      "Train with workers on other machines: one process each.",
      "",
      "Start the same job on every machine. Training begins when enough workers have come; later"
          + " ones join, and those that leave or die are done without. Nothing but gradients,"
          + " weights and small messages leaves a machine."
    },
    sortOptions = false,
    customSynopsis =
        "Usage: dlion worker [JOB.yaml] --name NAME --bind HOST:PORT --seeds HOST:PORT,…"
            + " --certs DIR [OPTION]...",
    synopsisHeading = "",
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion worker job.yaml --name shop-7 --site lyon --bind 10.0.0.7:7800 \\",
      "        --seeds 10.0.0.1:7800,10.0.0.2:7800 --certs /etc/dlion/shop-7",
      "        its own data, as the job's data says, on this machine; dlion certs makes certificates",
      "  dlion worker job.yaml --name w2 --shard 2/4 --bind 127.0.0.1:7820 \\",
      "        --seeds 127.0.0.1:7800 --insecure",
      "        the second quarter of data that four workers share"
    })
public final class WorkerCommand implements Callable<Integer> {
  /** What only makes sense where all workers are in one process, or is asked for otherwise. */
  private static final Set<JobKey> NOT_HERE =
      EnumSet.of(
          JobKey.WORKERS, JobKey.SHARES, JobKey.LINK_MBIT, JobKey.LINKS, JobKey.SLOW, JobKey.NAME);

  private static final Pattern SHARD = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

  private final KnownNames names;
  private final Working working;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "JOB.yaml",
      description = "A job file, as for dlion train. Flags win.")
  private @Nullable Path jobFile;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "This worker's name, unique in the cluster.")
  private String name = "";

  @Option(
      names = "--site",
      paramLabel = "SITE",
      defaultValue = "default",
      description = "Its micro-cloud. Default: ${DEFAULT-VALUE}")
  private String site = "";

  @Option(
      names = "--bind",
      required = true,
      paramLabel = "HOST:PORT",
      description =
          "Where it listens: an address or name of this machine, or 0.0.0.0 or [::] for all that it"
              + " has. Others need not reach it: it calls them.")
  private String bind = "";

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description =
          "Where others reach it, if that is not where it listens: a forwarded port, a container.")
  private @Nullable String advertise;

  @Option(
      names = "--seeds",
      required = true,
      paramLabel = "HOST:PORT,…",
      description =
          "Where to look for others: where some of them listen. A host may be a name with the"
              + " addresses of several; names are looked up again and again.")
  private String seeds = "";

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description =
          "This worker's certificate, key and authority: the folder that dlion certs issue made.")
  private @Nullable Path certificates;

  @Option(
      names = "--insecure",
      description = "Without encryption, and believing everybody: for trials on one machine.")
  private boolean insecure;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Train on the I-th of N parts of the data. Default: all of it.")
  private @Nullable String shard;

  @Option(
      names = "--step-delay-millis",
      paramLabel = "N",
      description =
          "For trials: behave like a machine that needs that much longer for each gradient.")
  private long stepDelayMillis;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with this worker's run from its last checkpoint.")
  private @Nullable Path resume;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "Settings that dlion tune has found for the preset, in place of the preset's and the job"
              + " file's; --set wins.")
  private @Nullable Path settings;

  @Mixin private CapOptions caps = new CapOptions();

  @Mixin private MetricsOptions metrics = new MetricsOptions();

  private WorkerCommand(KnownNames names, Working working, Console console) {
    this.names = names;
    this.working = working;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Working working, Console console) {
    CommandLine line = new CommandLine(new WorkerCommand(names, working, console));
    JobFlag.addGroups(line.getCommandSpec(), keys());
    return line;
  }

  private static List<JobKey> keys() {
    return Arrays.stream(JobKey.values()).filter(key -> !NOT_HERE.contains(key)).toList();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    WorkerId self = new WorkerId(name);
    if (stepDelayMillis < 0) {
      throw new UserError("--step-delay-millis " + stepDelayMillis + ": expected 0 or more");
    }
    Optional<Credentials> credentials = Certificates.load(certificates, insecure, console);
    credentials.ifPresent(c -> requireName(c.name(), self));
    CommandLine.ParseResult parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
    JobSource source = new JobSource(jobFile, resume, settings);
    Job job =
        source.job(Draft.ofFlags(JobFlag.values(parsed, keys())), names, console.err()::println);
    Matcher part = SHARD.matcher(shard == null ? "1/1" : shard);
    boolean valid =
        part.matches()
            && Integer.parseInt(part.group(1)) >= 1
            && Integer.parseInt(part.group(1)) <= Integer.parseInt(part.group(2));
    if (!valid) {
      throw new UserError("--shard: expected I/N such as 2/4, found \"" + shard + '"');
    }
    MachineShare takes = caps.share();
    try (RunLock _ = RunLock.take(source.run(), console.err()::println)) {
      return metrics.serving(served ->
          working.run(
              job,
              place(self, part, credentials, served, Retyped.words(parsed, keys()), takes),
              console));
    }
  }

  private void requireName(WorkerId certified, WorkerId self) {
    if (!certified.equals(self)) {
      throw new UserError(
          "--name "
              + self
              + ": the certificate in "
              + certificates
              + " is of "
              + certified
              + "; each worker needs its own ("
              + Shell.dlion("certs", "issue", self)
              + ")");
    }
  }

  private WorkerPlace place(
      WorkerId self,
      Matcher part,
      Optional<Credentials> credentials,
      Optional<WorkerMetrics> served,
      List<String> command,
      MachineShare takes) {
    return new WorkerPlace(
        self,
        site,
        new WorkerPlace.Network(
            ListeningPlace.of(bind, advertise), SeedHosts.parse(seeds), credentials),
        new WorkerPlace.Shard(Integer.parseInt(part.group(1)), Integer.parseInt(part.group(2))),
        new Handicap(1, Duration.ofMillis(stepDelayMillis)),
        new WorkerPlace.Run(Optional.ofNullable(resume), command, served),
        takes);
  }
}
