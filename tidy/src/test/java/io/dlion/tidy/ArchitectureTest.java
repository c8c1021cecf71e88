package io.dlion.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The walls of the house: what core must not touch, and which modules must not see each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // which reads all classes once
class ArchitectureTest {
  private static final List<String> SIBLINGS =
      List.of("engine", "data", "stream", "emulator", "cluster", "monitor");

  /** Classes that tell the time, start threads, or draw from an unseeded generator. */
  private static final Set<String> NOT_IN_CORE =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.util.Random",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.Date",
          "java.util.UUID",
          "java.security.SecureRandom");

  /** A package with more classes is several. */
  private static final int CLASSES_MAX = 34;

  private static final String[] PACKAGES_NOT_IN_CORE = {
    "java.io..",
    "java.net..",
    "java.nio.channels..",
    "java.nio.file..",
    "java.time..",
    "java.util.concurrent..",
    "java.util.logging..",
    "java.util.random..",
    "java.lang.reflect..",
    "java.sql..",
    "javax.."
  };

  private final JavaClasses all =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.dlion");

  @Test
  void everythingIsLookedAt() {
    assertThat(all.contain("io.dlion.core.node.Node")).isTrue();
    for (String module : SIBLINGS) {
      assertThat(all.stream().map(JavaClass::getPackageName))
          .as("classes of %s", module)
          .anyMatch(p -> p.startsWith("io.dlion." + module));
    }
  }

  @Test
  void coreHasNoClocksThreadsSocketsOrFiles() {
    noClasses()
        .that()
        .resideInAPackage("io.dlion.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PACKAGES_NOT_IN_CORE)
        .orShould()
        .dependOnClassesThat(describe("tell time or start threads", ArchitectureTest::isForbidden))
        .orShould()
        .accessTargetWhere(isOneOf(System.class, "nanoTime", "currentTimeMillis", "getenv", "exit"))
        .orShould()
        .accessTargetWhere(isOneOf(System.class, "in", "out", "err", "getProperty"))
        .check(all);
  }

  private static boolean isForbidden(JavaClass c) {
    return NOT_IN_CORE.contains(c.getName());
  }

  @Test
  void coreDrawsOnlyFromSeededGenerators() {
    noClasses()
        .that()
        .resideInAPackage("io.dlion.core..")
        .should()
        .accessTargetWhere(isOneOf(Math.class, "random"))
        .orShould()
        .accessTargetWhere(isOneOf(StrictMath.class, "random"))
        .orShould()
        .callConstructor(SplittableRandom.class)
        .orShould()
        .accessTargetWhere(isOneOf(java.util.Collections.class, "shuffle"))
        .check(all);
  }

  private static DescribedPredicate<JavaAccess<?>> isOneOf(Class<?> owner, String... names) {
    return describe(
        owner.getSimpleName() + "." + String.join("|", names),
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && List.of(names).contains(access.getTarget().getName()));
  }

  @Test
  void coreDependsOnNothingButTheLanguage() {
    noClasses()
        .that()
        .resideInAPackage("io.dlion.core..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.dlion.core..", "java..", "org.jspecify..", "com.google.errorprone.annotations..")
        .check(all);
  }

  @Test
  void siblingsDoNotSeeEachOther() {
    for (String module : SIBLINGS) {
      String[] others =
          SIBLINGS.stream()
              .filter(m -> !m.equals(module))
              .map(m -> "io.dlion." + m + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.dlion." + module + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("io.dlion.cli..", "io.dlion.benchmarks..")
          .allowEmptyShould(true)
          .check(all);
    }
  }

  @Test
  void onlyTheSwitchKnowsOfFamilies() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.dlion.core.peer..", "io.dlion.core.family..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dlion.core.peer..")
        .check(all);
  }

  @Test
  void nobodyUsesJavaSerialization() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(ObjectInputStream|ObjectOutputStream|Externalizable)")
        .check(all);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(all);
  }

  /** A name that several classes share says too little, and imports the wrong one. */
  @Test
  void namesAreOfOneClass() {
    Map<String, List<String>> byName =
        written()
            .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
    assertThat(byName.values()).filteredOn(classes -> classes.size() > 1).isEmpty();
  }

  @Test
  void packagesAreRooms() {
    Map<String, Long> sizes = written().collect(groupingBy(JavaClass::getPackageName, counting()));
    assertThat(sizes.entrySet()).filteredOn(e -> e.getValue() > CLASSES_MAX).isEmpty();
  }

  /** Top-level classes that stand in a file: not those that JMH generates. */
  private Stream<JavaClass> written() {
    return all.stream()
        .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
        .filter(c -> !c.getPackageName().startsWith("io.dlion.benchmarks"))
        .filter(c -> !c.getPackageName().startsWith("io.dlion.tidy"));
  }

  /** Each package is a slice, also the package that has the name of its module. */
  private static final SliceAssignment PACKAGES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
          return javaClass.getPackageName().startsWith("io.dlion.")
              ? SliceIdentifier.of(javaClass.getPackageName())
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };
}
