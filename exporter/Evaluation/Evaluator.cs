using ResNetEdge.Engines;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Asks a network about labelled pictures, alone or beside a reference.</summary>
internal static class Evaluator
{
    /// <summary>Runs every picture on one engine and counts.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{IEngine}, IReadOnlyList{IEngine}, Pictures, int[], ProgressDisplay)"/>
    public static Accuracy Run(IEngine engine, IEngine? reference, Pictures pictures, int[] classes) =>
        Run([engine], reference is null ? null : [reference], pictures, classes, ProgressDisplay.None).Accuracy;

    /// <summary>Runs every picture, as many at a time as there are engines. The answers do not depend on how many that is.</summary>
    /// <param name="engines">Of one network; their first output is one logit per class.</param>
    /// <param name="references">As many engines of another network for the same pictures, or null.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="classes">The right class of each.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <exception cref="EdgeException">Exit 3: a picture that cannot be read, a class that the
    /// network lacks, or networks with different numbers of classes.</exception>
    public static EvaluationResult Run(
        IReadOnlyList<IEngine> engines, IReadOnlyList<IEngine>? references, Pictures pictures, int[] classes, ProgressDisplay progress)
    {
        int count = engines[0].Outputs[0].Shape.ElementCount, others = references?[0].Outputs[0].Shape.ElementCount ?? count;
        if (others != count) throw EdgeException.BadInput($"the network has {count} classes, but the one to compare with has {others}");
        if (classes.Any(c => c >= count))
            throw EdgeException.BadInput(
                $"the network has {count} outputs, but the labels include class number {classes.Max() + 1}; give as many labels as outputs");
        var answers = new Answer[pictures.Count];
        var compared = references is null ? null : new Answer[pictures.Count];
        using var job = progress.Begin("evaluating", pictures.Count, "pictures");
        int next = -1;
        var workers = Enumerable.Range(0, Math.Min(engines.Count, pictures.Count)).Select(w => (Action)(() =>
        {
            using var own = pictures.Fork();
            float[] logits = new float[count];
            for (int i = Interlocked.Increment(ref next); i < own.Count; i = Interlocked.Increment(ref next))
            {
                answers[i] = Ask(engines[w], own, i, classes[i], logits);
                if (compared is not null) compared[i] = Ask(references![w], own, i, classes[i], logits);
                job.Step();
            }
        })).ToArray();
        RunAll(workers, () => Interlocked.Exchange(ref next, pictures.Count));
        return new(count, classes, answers, compared);
    }

    private static Answer Ask(IEngine engine, Pictures pictures, int picture, int label, float[] logits)
    {
        pictures.Feed(engine, picture);
        engine.Run();
        engine.GetOutput<float>(0, logits);
        return Answer.Of(logits, label);
    }

    // One failure stops all workers; the first one's own sentence is what the caller gets.
    private static void RunAll(Action[] workers, Action stop)
    {
        try
        {
            Parallel.ForEach(workers, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, worker =>
            {
                try
                {
                    worker();
                }
                catch
                {
                    stop();
                    throw;
                }
            });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
