package io.dlion.cli;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one line for a person, and an exit code. */
final class Failures {
  static final int FAILED = 1;
  static final int USER_ERROR = 2;

  private final Console console;
  private final DlionCommand root;

  Failures(Console console, DlionCommand root) {
    this.console = console;
    this.root = root;
  }

  /** The command line itself is wrong. */
  int misused(ParameterException e) {
    String help = help(e.getCommandLine().getCommandSpec());
    return fail(misuse(e) + " (" + help + " explains)", e, USER_ERROR);
  }

  /** The command that explains a command. */
  private static String help(CommandSpec command) {
    String[] names = command.qualifiedName().split(" ", -1);
    List<String> words = new ArrayList<>(List.of(names).subList(1, names.length));
    words.add("--help");
    return Shell.dlion(words);
  }

  private static String misuse(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return unknown(unmatched.getUnmatched().getFirst(), e.getCommandLine());
    }
    if (e instanceof MissingParameterException missing
        && missing.getMissing().getFirst() instanceof OptionSpec option
        && !option.required()) {
      return option.longestName() + ": expected " + option.paramLabel() + ", found nothing";
    }
    if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
      return Phrase.of(
          "%s: expected %s, found \"%s\"", option.longestName(), kind(option), e.getValue());
    }
    return lowerFirst(text(e));
  }

  /** What an option takes, in words where picocli would name a Java type. */
  private static String kind(OptionSpec option) {
    Class<?> type = option.type();
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    return type == double.class || type == Double.class ? "a number" : option.paramLabel();
  }

  private static String unknown(String argument, CommandLine line) {
    if (argument.startsWith("-")) {
      String name = argument.replaceFirst("=.*", "");
      List<String> names = new ArrayList<>(line.getCommandSpec().optionsMap().keySet());
      return "unknown option '" + name + "'" + Nearest.hint(name, names);
    }
    if (line.getSubcommands().isEmpty()) {
      return "unexpected argument '" + argument + "'";
    }
    return "unknown command '"
        + argument
        + "'"
        + Nearest.hint(argument, line.getSubcommands().keySet());
  }

  /** A command failed. */
  int failed(Throwable e) {
    return switch (e) {
      case UserError error -> fail(text(error), e, USER_ERROR);
      case UncheckedIOException io when io.getCause() != null -> failed(io.getCause());
      case IOException io -> fail(disk(io), e, FAILED);
      case ReadOnlyFileSystemException readOnly -> fail("read-only file system", e, FAILED);
      default ->
          fail("internal error: " + e + "; run again with --debug for the stack trace", e, FAILED);
    };
  }

  private static String disk(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException other when other.getReason() == null ->
          other.getFile() + ": " + other.getClass().getSimpleName();
      case FileSystemException other -> other.getFile() + ": " + other.getReason();
      default -> text(e);
    };
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private int fail(String message, Throwable e, int exitCode) {
    console.out().flush();
    console.err().println("dlion: " + oneLine(message));
    if (root.debug()) {
      e.printStackTrace(console.err());
    }
    console.err().flush();
    return exitCode;
  }

  /** No line breaks, and nothing that a terminal would obey. */
  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
