package io.dlion.cluster.worker;

import io.dlion.cluster.link.Channels;
import java.util.Optional;

/**
 * What a node's actions are carried out with.
 *
 * @param spec what the worker is to do
 * @param clock the clock of the run
 * @param channels to the others
 * @param compute computes gradients and evaluates
 * @param links carry large messages
 * @param intake takes them in
 * @param stream that the worker learns from, if it does
 */
record Equipment(
    RunSpec spec,
    RunClock clock,
    Channels channels,
    ComputeThread compute,
    PeerLinks links,
    LargeMessages intake,
    Optional<LiveStream> stream) {}
