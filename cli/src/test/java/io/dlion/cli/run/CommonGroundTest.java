package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommonGroundTest {
  @TempDir Path dir;

  private Map<String, String> ground(String... animals) throws IOException {
    return ground(Map.of(), animals);
  }

  private Map<String, String> ground(Map<JobKey, List<String>> more, String... animals)
      throws IOException {
    Path table = Files.createTempFile(dir, "animals", ".csv");
    StringBuilder rows = new StringBuilder("size,legs,animal\n");
    for (int i = 0; i < 40; i++) {
      rows.append(Phrase.of("%d.5,%d,%s\n", i % 7, i % 5, animals[i % animals.length]));
    }
    Files.writeString(table, rows);
    Map<JobKey, List<String>> flags = new EnumMap<>(JobKey.class);
    flags.putAll(more);
    flags.put(JobKey.DATA, List.of(table.toString()));
    flags.put(JobKey.LABEL, List.of("animal"));
    Job job = Resolver.resolve(Draft.ofFlags(flags), new KnownNames(List.of("mlp"), List.of()));
    Problem problem = Problem.open(job);
    return CommonGround.of(job.fitted(problem.model().name(), job.settings()), problem);
  }

  @Test
  void eachWorkerHasAsManyThreadsAsItWants() throws IOException {
    assertThat(ground(Map.of(JobKey.THREADS, List.of("3")), "cat", "dog"))
        .isEqualTo(ground(Map.of(JobKey.THREADS, List.of("1")), "cat", "dog"))
        .isEqualTo(ground("cat", "dog"));
  }

  @Test
  void aBuiltInModelsSizeFollowsFromTheDataAndIsNotCompared() throws IOException {
    Map<String, String> two = ground("cat", "dog");
    assertThat(two).containsEntry("model", "mlp").doesNotContainKey("classes");
    assertThat(ground("dog", "cat", "fish")).isEqualTo(two);
  }
}
