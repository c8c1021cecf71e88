package io.dlion.emulator.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentErrorsTest {
  private static final String TWO = "workers: [{count: 2, cores: 24, mbit: 20}]\n";

  static Stream<Arguments> badFiles() {
    return Stream.of(
        bad("", "expected keys and values, found an empty file"),
        bad("workers", "1: expected keys and values, found \"workers\""),
        bad("description: x", "1: expected workers, found none"),
        bad("wrokers: []", "1: unknown key \"wrokers\"; did you mean 'workers'?"),
        bad(
            TWO + "colour: red",
            "2: unknown key \"colour\"; the keys are description, workers, machines, lan-mbit, latency,"
                + " links, unreachable, events, stream, calibration, real-bandwidth"),
        bad(TWO + TWO, "2: \"workers\" is given twice, first on line 1"),
        bad(
            "workers: 3",
            "1: workers: expected a list such as [{count: 3, cores: 24, mbit: 50}],"
                + " found \"3\""),
        bad("workers: []", "1: workers: expected at least one worker, found none"),
        bad("workers:\n  - w1", "2: workers: expected keys and values, found \"w1\""),
        bad(
            "workers:\n  - {mbit: 5}",
            "2: workers: expected cores, speed or calibration, found none"),
        bad("workers:\n  - {cores: 5}", "2: workers: expected mbit, found none"),
        bad(
            "workers:\n  - cores: 5\n    mbits: 5",
            "3: workers: unknown key \"mbits\"; did you mean 'mbit'?"),
        bad(
            "workers: [{cores: 5, mbit: 0}]",
            "1: workers.mbit: expected a rate above 0 in Mbit/s, found \"0\""),
        bad(
            "workers: [{cores: 5, mbit: -3}]",
            "1: workers.mbit: expected a rate above 0 in Mbit/s, found \"-3\""),
        bad(
            "workers: [{cores: 5, mbit: WAN}]",
            "1: workers.mbit: expected a rate above 0 in Mbit/s, found \"WAN\""),
        bad(
            "workers: [{cores: 5, mbit: }]",
            "1: workers.mbit: expected a rate above 0 in Mbit/s, or LAN, found nothing"),
        bad(
            "workers: [{cores: many, mbit: 5}]",
            "1: workers.cores: expected a number of cores, at least 0, found \"many\""),
        bad(
            "workers: [{cores: .inf, mbit: 5}]",
            "1: workers.cores: expected a number of cores, at least 0, found \".inf\""),
        bad(
            "workers: [{cores: 0, mbit: 5}]",
            "1: workers.cores: expected some cores some time, found 0 always: leave the worker"
                + " out"),
        bad(
            "workers: [{cores: 4, speed: 1, mbit: 5}]",
            "1: workers.speed: says the same as cores: leave out one of the two"),
        bad(
            "workers: [{speed: fast, mbit: 5}]",
            "1: workers.speed: expected a relative speed, at least 0, such as 1 or 4, found"
                + " \"fast\""),
        bad(
            "workers: [{speed: 0, mbit: 5}]",
            "1: workers.speed: expected some speed some time, found 0 always: leave the worker"
                + " out"),
        bad(
            "workers: [{trains: false, mbit: 5}]",
            "1: workers: expected at least one worker that trains, found none"),
        bad(
            "workers: [{count: 0, cores: 5, mbit: 5}]",
            "1: workers.count: expected a whole number from 1 to 1024, found \"0\""),
        bad(
            "workers: [{sites: 1024, count: 2, cores: 5, mbit: 5}]",
            "1: workers: expected at most 1024 workers in all, found more"),
        bad(
            "workers: [{name: x y, cores: 5, mbit: 5}]",
            "1: worker name 'x y': expected 1 to 64 letters, digits, dots, dashes or"
                + " underscores"),
        bad(
            "workers:\n- {name: w2, cores: 5, mbit: 5}\n- {cores: 5, mbit: 5}",
            "3: workers: there is a worker w2 already: give every one another name"),
        bad(
            "workers: [{name: w2, count: 2, cores: 5, mbit: 5}]",
            "1: workers.name: is for a single worker: leave it out, or count and sites"),
        bad(
            "workers: [{site: a, sites: 2, cores: 5, mbit: 5}]",
            "1: workers.sites: gives sites names of their own: leave it out, or site"),
        bad(
            schedule("[]"),
            "3: workers.cores: expected steps such as {from: 0s, value: 12}, found an empty list"),
        bad(schedule("[12, 5]"), "3: workers.cores: expected keys and values, found \"12\""),
        bad(schedule("[{from: 0s}]"), "3: workers.cores: expected value, found none"),
        bad(
            schedule("[{from: 5s, value: 3}]"),
            "3: workers.cores.from: expected the first step from 0s, found it from 5s"),
        bad(
            schedule(
                "\n    - {from: 0s, value: 3}\n    - {from: 9s, value: 3}\n"
                    + "    - {from: 5s, value: 3}"),
            "6: workers.cores.from: expected steps in order of time, found 5s after 9s"),
        bad(
            schedule("[{from: 0s, value: 3}, {from: 1/3, value: 3}, {from: 33%, value: 3}]"),
            "3: workers.cores.from: expected steps in order of time, found 33% after 1/3"),
        bad(
            schedule("[{from: 0s, value: 3}, {from: 0, value: 3}]"),
            "3: workers.cores.from: expected steps in order of time, found 0 after 0s"),
        bad(
            schedule("[{from: 0s, value: 3}, {from: 1/3, value: 3}, {from: 300s, value: 3}]"),
            "3: workers.cores.from: expected all steps at times or all at shares of the budget,"
                + " found 300s after 1/3"),
        bad(
            schedule("[{from: 0s, value: 3}, {from: 90, value: 3}]"),
            "3: workers.cores.from: expected a time such as 90s or 5m, or a share of the budget"
                + " such as 1/3 or 50%, found \"90\""),
        bad(
            schedule("[{from: 0s, value: 3}, {from: 4/3, value: 3}]"),
            "3: workers.cores.from: expected a time such as 90s or 5m, or a share of the budget"
                + " such as 1/3 or 50%, found \"4/3\""),
        bad(TWO + "lan-mbit: 0", "2: lan-mbit: expected a rate above 0 in Mbit/s, found \"0\""),
        bad(TWO + "latency: 25ms", "2: latency: expected keys and values, found \"25ms\""),
        bad(
            TWO + "latency: {wan: 25}",
            "2: latency.wan: expected a time such as 25ms, 90s or 5m, found \"25\""),
        bad(
            TWO + "latency: {wan: -1s}",
            "2: latency.wan: expected a time such as 25ms, 90s or 5m, found \"-1s\""),
        bad(
            TWO + "real-bandwidth: maybe",
            "2: real-bandwidth: expected true or false, found \"maybe\""),
        bad(
            TWO + "calibration: {alpha: 1}",
            "2: calibration: unknown key \"alpha\"; did you mean 'alpha-seconds'?"),
        bad(
            TWO + "calibration: {cnn: {alpha-seconds: 1}}",
            "2: calibration.cnn: expected beta-seconds, found none"),
        bad(
            TWO + "calibration: {alpha-seconds: 1, beta-seconds: 0}",
            "2: calibration.beta-seconds: expected a number of seconds above 0, found \"0\""));
  }

  static Stream<Arguments> badLinksAndEvents() {
    return Stream.of(
        bad(
            TWO + "links:\n  w1-w2: 5\n  w1-w3: 5",
            "4: links.w1-w3: no worker is called \"w3\"; the workers are w1, w2"),
        bad(
            "workers: [{count: 9, cores: 24, mbit: 20}]\nlinks: {w1>w10: 5}",
            "2: links.w1>w10: no worker is called \"w10\"; the workers are w1 … w9"),
        bad(
            TWO + "links: {w1: 5}",
            "2: links.w1: expected a pair such as w1-w2 (both ways) or w1>w2, found \"w1\""),
        bad(
            TWO + "links: {w1>w1: 5}",
            "2: links.w1>w1: a worker has no link to itself, found \"w1>w1\""),
        bad(TWO + "links:\n  w1-w2: 5\n  w2-w1: 6", "4: links.w2-w1: this pair is given twice"),
        bad(
            TWO + "links: {w1-w2: 0}",
            "2: links.w1-w2: expected a rate above 0 in Mbit/s, found \"0\""),
        bad(
            TWO + "links: {w1-w2: 30}",
            "2: links.w1-w2: expected at most the 20 Mbit/s that the ends of w1>w2 carry, found"
                + " 30"),
        bad(
            TWO + "links: {w1-w2: {latncy: 3ms}}",
            "2: links.w1-w2: unknown key \"latncy\"; did you mean 'latency'?"),
        bad(
            TWO + "events: {at: 3s}",
            "2: events: expected a list of events such as {at: 100s,"
                + " crash: w3}, found keys and values"),
        bad(
            event("{at: 3s}"),
            "3: events: expected one of join, leave, crash, restart, pause, cut, heal, unreachable, found"
                + " none"),
        bad(
            event("{at: 3s, crash: w1, leave: w1}"),
            "3: events: expected one of join, leave, crash, restart, pause, cut, heal, unreachable, found"
                + " leave and crash"),
        bad(event("{crash: w1}"), "3: events: expected at, found none"),
        bad(
            event("{at: 3s, crash: w3}"),
            "3: events.crash: no worker is called \"w3\"; the workers are w1, w2"),
        bad(
            event("{at: 3s, crahs: w3}"),
            "3: events: unknown key \"crahs\"; did you mean 'crash'?"),
        bad(
            event("{at: 3s, crash: w1}", "{at: 2s, restart: w1}"),
            "4: events.at: expected events in order of time, found 2s after 3s"),
        bad(
            event("{at: 3s, crash: w1}", "{at: 90%, restart: w1}"),
            "4: events.at: expected all events at times or all at shares of the budget, found"
                + " 90% after 3s"),
        bad(
            event("{at: 3s, restart: w1}"),
            "3: events.restart: w1 cannot restart: it is there from the beginning"),
        bad(
            event("{at: 3s, leave: w1}", "{at: 3s, crash: w1}"),
            "4: events.crash: w1 cannot crash: it has left (line 3)"),
        bad(
            event("{at: 3s, crash: w1}", "{at: 4s, join: w1}"),
            "4: events.join: w1 cannot join: it has crashed (line 3)"),
        bad(
            event("{at: 3s, join: w1}", "{at: 4s, join: w1}"),
            "4: events.join: w1 cannot join: it is there (line 3)"),
        bad(
            event("{at: 3s, join: w1}", "{at: 4s, join: w2}"),
            "1: every worker that trains joins later: let some be there from the beginning"),
        bad(event("{at: 3s, pause: w1}"), "3: events: expected until, found none"),
        bad(
            event("{at: 3s, pause: w1, until: 3s}"),
            "3: events.until: expected a time or share of the budget after 3s, found 3s"),
        bad(
            event("{at: 3s, pause: w1, until: 50%}"),
            "3: events.until: expected a time or share of the budget after 3s, found 50%"),
        bad(
            event("{at: 3s, crash: w1, until: 5s}"),
            "3: events.until: only pause, cut and unreachable have an end: leave it out"),
        bad(
            event("{at: 3s, cut: [w1, shop]}"),
            "3: events.cut: no worker or site is called \"shop\"; the workers are w1, w2"),
        bad(
            event("{at: 3s, cut: [w1, w2]}"),
            "3: events.cut: expected some of the workers, found all or none"),
        bad(
            event("{at: 3s, heal: w1}"),
            "3: events.heal: expected a pair such as w1-w2 (both ways) or w1>w2, found \"w1\""));
  }

  private static final String THREE =
      "workers: [{name: a-b, cores: 2, mbit: 5}, {count: 2, site: shop, cores: 2, mbit: 5}]\n";

  static Stream<Arguments> badPairs() {
    return Stream.of(
        bad(
            THREE + "unreachable: {a-b: w2}",
            "2: unreachable: expected a pair of workers or sites such as w1-w2, or a list of"
                + " pairs, found keys and values"),
        bad(
            THREE + "unreachable: w2",
            "2: unreachable: expected a pair of workers or sites such as w1-w2, which is both"
                + " ways, found \"w2\""),
        bad(
            THREE + "unreachable: w2>w3",
            "2: unreachable: expected a pair of workers or sites such as w1-w2, which is both"
                + " ways, found \"w2>w3\""),
        bad(
            THREE + "unreachable: [w2-w9]",
            "2: unreachable: no worker or site is called \"w9\"; the workers are a-b, w2, w3"),
        bad(
            THREE + "unreachable: [w2-shop]",
            "2: unreachable: a worker always reaches itself, found \"w2-shop\""),
        bad(THREE + "unreachable: [a-b-w2, w2-a-b]", "2: unreachable: this pair is given twice"),
        bad(
            THREE + "unreachable: []",
            "2: unreachable: expected pairs such as w1-w2, found none:" + " leave it out"),
        bad(
            THREE + "unreachable: a-b-shop",
            "2: unreachable: expected that all reach each other, if only over others; found"
                + " islands: a-b | w2, w3"),
        bad(
            THREE + "unreachable: a-b-w2\nevents:\n  - {at: 3s, unreachable: a-b-w3}",
            "4: events.unreachable: expected that all reach each other, if only over others;"
                + " found islands: a-b | w2, w3"),
        bad(
            THREE + "events:\n  - {at: 3s, unreachable: w2-w3, until: 2s}",
            "3: events.until: expected a time or share of the budget after 3s, found 2s"));
  }

  static Stream<Arguments> badStreams() {
    return Stream.of(
        bad(TWO + "stream: 50", "2: stream: expected keys and values, found \"50\""),
        bad(TWO + "stream: {}", "2: stream: expected rate, found none"),
        bad(
            TWO + "stream: {rate: fast}",
            "2: stream.rate: expected records a second, from 0 to 100000, found \"fast\""),
        bad(
            TWO + "stream: {rate: 0}",
            "2: stream: expected records to arrive at some worker, found rate 0 for all"),
        bad(
            TWO + "stream: {rate: 5, begin: 120%}",
            "2: stream.begin: expected a share such as 10% or 1/3, found \"120%\""),
        bad(
            TWO + "stream: {rate: 5, begin: 100%}",
            "2: stream: training begins with all examples, so none can arrive: expected begin below"
                + " 100%, or rate to be 0"),
        bad(
            TWO + "stream: {rate: 5, bursts: {every: 10s, length: 10s, factor: 2}}",
            "2: stream.bursts.length: expected less time than from one burst to the next"),
        bad(
            TWO + "stream: {rate: 5, bursts: {every: 10s, length: 5s, factor: 0}}",
            "2: stream.bursts.factor: expected a factor above 0, at most 1000, found \"0\""),
        bad(
            drift("{at: 5s, kind: slow}"),
            "4: stream.drift.kind: expected sudden, gradual or recurring, found \"slow\""),
        bad(drift("{at: 5s, kind: gradual}"), "4: stream.drift: expected over, found none"),
        bad(
            drift("{at: 5s, kind: sudden, over: 5s}"),
            "4: stream.drift.over: only gradual drift takes time: leave it out"),
        bad(
            drift("{at: 5s, kind: gradual, over: 5s, every: 5s}"),
            "4: stream.drift.every: only recurring drift comes back: leave it out"),
        bad(
            drift("{at: 5s, kind: recurring, every: 0s}"),
            "4: stream.drift.every: expected a time above 0, or a share of the budget, found"
                + " \"0s\""),
        bad(
            drift("{at: 5s, kind: sudden, classes: 1}"),
            "4: stream.drift.classes: expected a whole number from 2 to 1000000, found \"1\""),
        bad(
            drift("{at: 5s, kind: sudden, workers: [w9]}"),
            "4: stream.drift.workers: no worker or site is called \"w9\"; the workers are w1, w2"),
        bad(
            drift("{at: 5s, kind: sudden}, {at: 3s, kind: sudden}"),
            "4: stream.drift.at: expected drifts in order of time, found 3s after 5s"),
        bad(
            "workers:\n- {cores: 1, mbit: 1}\n- {trains: false, mbit: 1, stream: {rate: 5}}",
            "3: workers.stream: a worker that does not train learns from no stream: leave it out"));
  }

  private static String drift(String drifts) {
    return TWO + "stream:\n  rate: 5\n  drift: [" + drifts + "]";
  }

  private static String schedule(String cores) {
    return "workers:\n- mbit: 5\n  cores: " + cores;
  }

  private static String event(String... events) {
    return TWO + "events:\n- " + String.join("\n- ", events);
  }

  private static Arguments bad(String yaml, String message) {
    return Arguments.of(
        yaml, "env.yaml:" + (Character.isDigit(message.charAt(0)) ? "" : " ") + message);
  }

  @ParameterizedTest
  @MethodSource({"badFiles", "badLinksAndEvents", "badPairs", "badStreams"})
  void namesFileAndLineAndWhatToDo(String yaml, String message) {
    assertThatThrownBy(() -> Environments.parse("env", yaml))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void everyMessageIsOneLine() {
    Stream.concat(badFiles(), badLinksAndEvents())
        .forEach(arguments -> assertThat((String) arguments.get()[1]).doesNotContain("\n"));
  }
}
