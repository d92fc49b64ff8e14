namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// What training scripts keep beside a network's weights and inference never needs: metrics, loss functions, optimisers, averaged copies.
/// </summary>
internal static class TrainingState
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "metric", "metrics", "acc", "accuracy", "auroc", "auc", "f1", "top1", "top5", "precision", "recall", "confmat", "confusion",
        "loss", "losses", "criterion", "criteria", "objective", "optimizer", "optimizers", "optim", "scheduler", "schedulers", "scaler",
        "ema", "swa", "teacher", "averaged",
    };

    /// <summary>
    /// Whether a component of a parameter's path says so: <c>train_acc.tp</c>, <c>criterion.weight</c>, <c>model_ema.module.conv1.weight</c>.
    /// </summary>
    public static bool Holds(string path) => path.Split('.').SkipLast(1).Any(static part => part.Split('_').Any(Words.Contains));

    /// <summary>Whether a key of a checkpoint says so: <c>optimizer_states</c>, <c>ema</c>.</summary>
    public static bool IsKey(string key) => Holds(key + ".");
}
